namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>Follows a graph from its images on, and says where it is no residual network.</summary>
internal sealed class OnnxWalk
{
    private const int MostBlocks = 256,
        MostConvs = 3;

    private readonly OnnxGraph _graph;

    public OnnxWalk(OnnxGraph graph)
    {
        _graph = graph;
        var x = StemOutput(out var stem, out var kind);
        (Stem, StemKind) = (stem, kind);
        while (x != graph.Result && graph.ReadersOf(x) is { Count: > 1 })
        {
            if (Blocks.Count == MostBlocks)
                throw OnnxFault.NoResNet($"it has more than {MostBlocks} blocks");
            Blocks.Add(Block(x));
            x = Blocks[^1].Output;
        }
        if (Blocks.Count == 0)
            throw OnnxFault.NoResNet(
                x == graph.Result
                    ? "it ends where its first block belongs"
                    : $"{Only(x).Shown} stands where its first block divides into two ways"
            );
        if (x == graph.Result)
            return;
        Pool = Only(x);
        Head = OnnxHead.Of(this, Pool);
    }

    public OnnxConv Stem { get; }

    public StemKind StemKind { get; }

    public List<OnnxBlock> Blocks { get; } = [];

    /// <summary>What averages over all places; null: the network ends with its last block.</summary>
    public OnnxNode? Pool { get; }

    /// <summary>Null: the network ends with its features.</summary>
    public OnnxHead? Head { get; }

    public OnnxGraph Graph => _graph;

    /// <summary>The one operator that reads a value.</summary>
    /// <exception cref="InputException"><c>backbone-architecture</c>: there are none or several.</exception>
    public OnnxNode Only(string value) =>
        _graph.ReadersOf(value) is [var one]
            ? one
            : throw OnnxFault.NoResNet(
                $"the value '{value}' is read by {_graph.ReadersOf(value).Count} operators where one belongs"
            );

    private string StemOutput(out OnnxConv stem, out StemKind kind)
    {
        var first = Only(_graph.Images.Name);
        if (first.Operator != "Conv")
            throw OnnxFault.NoResNet($"it begins with the operator {first.Shown} and not with a convolution");
        stem = OnnxConv.Of(_graph, first);
        var x = Relu(stem.Output);
        kind = (stem.Size, stem.Stride) switch
        {
            (7, 2) => StemKind.ImageNet,
            (3, 1) => StemKind.Cifar,
            _ => throw OnnxFault.NoResNet(
                $"its first convolution is {stem.Shown}, where 7 x 7 with stride 2 or 3 x 3 with stride 1 belongs"
            ),
        };
        if (kind == StemKind.Cifar)
            return x;
        var (pool, isUneven) = (Only(x), false);
        if (
            pool.Operator != "MaxPool"
            || pool.Integers("kernel_shape") is not [3, 3]
            || pool.Integers("strides") is not [2, 2]
            || pool.Integer("ceil_mode", 0) != 0
            || pool.Integers("dilations")?.Any(d => d != 1) == true
            || !OnnxPads.AreHalf(pool, 3, 2, ref isUneven)
        )
            throw OnnxFault.NoResNet($"{pool.Shown} stands where the 3 x 3 max pooling with stride 2 belongs");
        return pool.Output;
    }

    private OnnxBlock Block(string x)
    {
        if (_graph.ReadersOf(x) is not [var one, var other])
            throw OnnxFault.NoResNet(
                $"the value '{x}' is read by {_graph.ReadersOf(x).Count} operators where a block divides into two ways"
            );
        OnnxNode[] starts = [.. new[] { one, other }.Where(n => n.Operator == "Conv")];
        if (starts.Length == 0 || starts.Length == 1 && one.Operator != "Add" && other.Operator != "Add")
            throw OnnxFault.NoResNet($"{one.Shown} and {other.Shown} stand where a block begins");
        var ways = starts.Select(Way).OrderByDescending(w => w.Convs.Count).ToArray();
        var (main, end) = ways[0];
        var shortcut = ways.Length == 2 ? ways[1].Convs[0] : null;
        if (ways.Length == 2 && (ways[1].Convs.Count != 1 || ways[1].End != end))
            throw OnnxFault.NoResNet($"the two ways from '{x}' do not meet, or both have several convolutions");
        if (shortcut is null && _graph.Input(end, 0) != x && _graph.Input(end, 1) != x)
            throw OnnxFault.NoResNet($"{end.Shown} does not add what the block began with");
        return new OnnxBlock(main, shortcut, Relu(end.Output));
    }

    /// <summary>Convolutions with a ReLU between them, up to the addition.</summary>
    private (List<OnnxConv> Convs, OnnxNode End) Way(OnnxNode start)
    {
        List<OnnxConv> convs = [OnnxConv.Of(_graph, start)];
        while (true)
        {
            var next = Only(convs[^1].Output);
            if (next.Operator == "Add")
                return (convs, next);
            if (next.Operator == "Relu")
                next = Only(next.Output);
            else
                throw OnnxFault.NoResNet($"{next.Shown} stands where a ReLU or an addition belongs");
            if (next.Operator != "Conv" || convs.Count == MostConvs)
                throw OnnxFault.NoResNet($"{next.Shown} stands within a block");
            convs.Add(OnnxConv.Of(_graph, next));
        }
    }

    private string Relu(string x)
    {
        var relu = Only(x);
        return relu.Operator == "Relu"
            ? relu.Output
            : throw OnnxFault.NoResNet($"{relu.Shown} stands where a ReLU belongs");
    }
}
