using TorchSharp;

namespace ComodCluster.Engine.Native;

/// <summary>
/// Numbers for the operators of tensors, held for good. A number that becomes a <see cref="Scalar"/> in place may be
/// finalised by another thread's collection while the native call still reads it; others are held by a <c>using</c>.
/// </summary>
internal static class Scalars
{
    public static Scalar Zero { get; } = LibTorch.ScalarOf(0);

    public static Scalar Half { get; } = LibTorch.ScalarOf(0.5);

    public static Scalar One { get; } = LibTorch.ScalarOf(1);

    public static Scalar Two { get; } = LibTorch.ScalarOf(2);
}
