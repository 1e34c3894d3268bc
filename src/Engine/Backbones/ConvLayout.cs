namespace ComodCluster.Engine.Backbones;

/// <summary>
/// One convolution without bias and the batch norm that follows it, under torchvision's names; padding is <c>Kernel /
/// 2</c>.
/// </summary>
internal sealed record ConvLayout(string Conv, string Norm, int In, int Out, int Kernel, int Stride)
{
    public long[] Shape => [Out, In, Kernel, Kernel];

    public int SizeAfter(int size) => (size + 2 * (Kernel / 2) - Kernel) / Stride + 1;
}
