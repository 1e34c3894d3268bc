using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones;

/// <summary>The choice of <see cref="Precision"/>.</summary>
public static class Precisions
{
    /// <param name="choice"><c>auto</c>, <c>float32</c> or <c>bfloat16</c>.</param>
    /// <param name="device">For <c>auto</c>: bfloat16 on a GPU and where the processor computes with it, float32
    /// elsewhere.</param>
    /// <exception cref="InputException">settings-invalid: none of these names.</exception>
    public static Precision Choose(string choice, Device device) =>
        choice switch
        {
            "float32" => Precision.Float32,
            "bfloat16" => Precision.BFloat16,
            "auto" => device.type == DeviceType.CUDA || ProcessorHasBFloat16() ? Precision.BFloat16 : Precision.Float32,
            _ => throw new InputException(
                "settings-invalid",
                $"The engine's option Precision is {choice}; choose auto, float32 or bfloat16."
            ),
        };

    public static ScalarType ToScalarType(this Precision precision) =>
        precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    private static bool ProcessorHasBFloat16()
    {
        const string Processors = "/proc/cpuinfo";
        if (!File.Exists(Processors))
            return false;
        var flags = File.ReadLines(Processors).FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal));
        return flags is not null && flags.Split(' ').Any(f => f is "avx512_bf16" or "amx_bf16");
    }
}
