using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Native;

/// <summary>Small tensors written and read in place: a managed copy of each would be garbage at every batch.</summary>
internal static class HostTensors
{
    public delegate void Fill(Span<float> values);

    /// <param name="device">Where the tensor goes once it is filled.</param>
    /// <param name="fill">Writes the row-major values, which start as zeros.</param>
    /// <param name="shape">Shape of the tensor.</param>
    public static Tensor Write(Device device, Fill fill, params long[] shape)
    {
        var host = zeros(shape, ScalarType.Float32);
        fill(host.Floats());
        return device.type == DeviceType.CPU ? host : host.to(device);
    }

    /// <summary>
    /// The memory itself of a contiguous float32 tensor of the processor; valid while the tensor lives.
    /// </summary>
    public static Span<float> Floats(this Tensor host) => MemoryMarshal.Cast<byte, float>(host.bytes);

    /// <summary>The values on the host, row-major; a tensor of the processor is not copied.</summary>
    public static ReadOnlySpan<float> Read(Tensor values) => values.cpu().contiguous().Floats();
}
