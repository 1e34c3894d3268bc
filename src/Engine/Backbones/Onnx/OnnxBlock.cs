namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>A residual block of a graph.</summary>
/// <param name="Output">The value that comes out, after its ReLU.</param>
internal sealed record OnnxBlock(IReadOnlyList<OnnxConv> Convs, OnnxConv? Shortcut, string Output)
{
    public BlockKind Kind => Convs.Count == 2 ? BlockKind.Basic : BlockKind.Bottleneck;

    public int Stride => Convs.Max(c => c.Stride);

    /// <exception cref="InputException"><c>backbone-architecture</c>: its convolutions are not those of a basic or a
    /// bottleneck block.</exception>
    public void Validate(string name)
    {
        // Where the stride is: torchvision's bottleneck has it in the 3x3 convolution.
        int[] sizes = Kind == BlockKind.Basic ? [3, 3] : [1, 3, 1];
        var strided = Kind == BlockKind.Basic ? 0 : 1;
        for (var i = 0; i < sizes.Length; i++)
            if (i >= Convs.Count || Convs[i].Size != sizes[i] || (i != strided && Convs[i].Stride != 1))
                throw Unfit();
        if (Convs.Count != sizes.Length || Shortcut is { } way && (way.Size != 1 || way.Stride != Stride))
            throw Unfit();
        if (Shortcut is null && Stride != 1)
            throw OnnxFault.NoResNet($"the block '{name}' has a stride and no projection");

        InputException Unfit() =>
            OnnxFault.NoResNet(
                $"the block '{name}' has the convolutions {string.Join(", ", Convs.Select(c => c.Shown))}"
                    + (Shortcut is null ? "" : $" and the projection {Shortcut.Shown}")
                    + ", where a basic block has 3 x 3 (with the stride), 3 x 3 and a bottleneck 1 x 1, 3 x 3 (with "
                    + "the stride), 1 x 1"
            );
    }
}
