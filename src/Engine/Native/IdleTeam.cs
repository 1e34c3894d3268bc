using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Native;

/// <summary>
/// OpenMP threads that do nothing but be there. While it counts more threads than cores, all its threads sleep at once
/// at a barrier, without a look: see <see cref="OpenMp"/>. No other team's number of threads changes.
/// </summary>
internal sealed partial class IdleTeam : IDisposable
{
    /// <summary>Name of its threads.</summary>
    public const string Name = "comod idle team";

    private const string Library = "torch_cpu"; // brings its own OpenMP
    private readonly ManualResetEventSlim _formed = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;

    /// <param name="beside">Threads of the team that computes.</param>
    /// <param name="work">See <see cref="FindWork"/>.</param>
    public IdleTeam(int beside, nint work)
    {
        // OpenMP counts the first thread once, and of each further team all but the one that calls.
        var threads = Math.Max(2, Cores() - beside + 2);
        _thread = new Thread(() =>
        {
            RunTeam(work, 0, (uint)threads, 0);
            _formed.Set();
            // A team lives as long as the thread that called it.
            _end.Wait();
        })
        {
            Name = Name,
            IsBackground = true,
        };
        _thread.Start();
        _formed.Wait();
    }

    /// <summary>A native function that does nothing to speak of; null where libtorch has another OpenMP.</summary>
    public static nint? FindWork() =>
        NativeLibrary.TryLoad(Library, typeof(IdleTeam).Assembly, DllImportSearchPath.SafeDirectories, out var library)
        && NativeLibrary.TryGetExport(library, "GOMP_parallel", out _)
        && NativeLibrary.TryGetExport(library, "omp_get_thread_num", out var work)
            ? work
            : null;

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
        _formed.Dispose();
    }

    [LibraryImport(Library, EntryPoint = "GOMP_parallel")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void RunTeam(nint work, nint data, uint threads, uint flags);

    [LibraryImport(Library, EntryPoint = "omp_get_num_procs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Cores();
}
