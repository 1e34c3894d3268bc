using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Native;

/// <summary>Settings of libtorch that hold for the whole process.</summary>
public static partial class LibTorch
{
    static LibTorch() => OpenMp.ChooseWaiting();

    /// <param name="choice"><c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</param>
    /// <exception cref="InputException"><c>device</c>: not such a name, or no such GPU is available.</exception>
    public static Device ChooseDevice(string choice) =>
        ChooseDevice(choice, cuda.is_available() ? cuda.device_count() : 0);

    /// <param name="gpus">GPUs that libtorch can use.</param>
    /// <inheritdoc cref="ChooseDevice(string)"/>
    public static Device ChooseDevice(string choice, int gpus)
    {
        if (choice == "cpu" || (choice == "auto" && gpus == 0))
            return CPU;
        if (choice == "auto")
            return new Device(DeviceType.CUDA, 0);
        var index = choice == "cuda" ? 0 : -1;
        if (
            choice.StartsWith("cuda:", StringComparison.Ordinal)
            && !int.TryParse(choice[5..], NumberStyles.None, CultureInfo.InvariantCulture, out index)
        )
            index = -1;
        if (index < 0)
            throw new InputException(
                "device",
                $"'{choice}' is not a device: choose auto, cpu, cuda or cuda:n (n from 0)."
            );
        if (index < gpus)
            return new Device(DeviceType.CUDA, index);
        throw new InputException(
            "device",
            gpus == 0
                ? $"The device '{choice}' was asked for and libtorch finds no GPU: build with -p:TorchBackend=cuda "
                    + $"and check the driver with nvidia-smi, or choose 'cpu'."
                : $"The device '{choice}' was asked for and this machine has {gpus} GPU(s), numbered from 0: choose "
                    + $"one of them, or 'cpu'."
        );
    }

    /// <summary>
    /// Threads of one tensor operation. Results are bit-identical only between runs with the same number.
    /// </summary>
    /// <exception cref="InputException"><c>threads</c>: not in 1..1024.</exception>
    public static void SetThreads(int threads)
    {
        if (threads is < 1 or > 1024)
            throw new InputException("threads", $"{threads} threads are not possible: choose 1 to 1024.");
        set_num_threads(threads);
    }

    public static int Threads => get_num_threads();

    /// <summary>One thread per core that this process may use, unless the environment has another number.</summary>
    public static void FitThreads()
    {
        var own = Threads;
        if (
            OpenMp.ThreadsOf(own, Environment.ProcessorCount, Environment.GetEnvironmentVariable) is var fit
            && fit < own
        )
            SetThreads(fit);
    }

    /// <summary>A constant, to be held: see <see cref="Scalars"/>.</summary>
    internal static Scalar ScalarOf(double value) => value.ToScalar();

    /// <summary>
    /// Convolutions of a GPU are those whose sums have one order, so that the same batch gives the same bits each time.
    /// </summary>
    public static void MakeRepeatable() => SetDeterministicCuDnn(GlobalContext(), 1);

    // TorchSharp has no call for it. These are at::globalContext() and at::Context::setDeterministicCuDNN(bool), as
    // both of libtorch's builds for Linux export them.
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GlobalContext();

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context21setDeterministicCuDNNEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void SetDeterministicCuDnn(nint context, byte on);
}
