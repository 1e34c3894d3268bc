using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// LoRA (Hu et al. 2021) on the convolutions of the stages: each kernel, as a matrix [Out, In k k], plus up x down with
/// down [r, In k k] and up [Out, r].
/// U holds the downs, drawn by the seed with variance 1 / (In k k); V the ups, 0 at the start. A batch has the
/// effective kernels of one task.
/// </summary>
internal sealed class LowRank : NetworkChange
{
    private const ulong Stream = 0x10A_0000;

    public override bool Packs => false;

    public override Cut From(Cut cut) => Cut.Stem;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings) =>
        new(settings.Rank * Convs(backbone).Sum(Fan), 1, settings.Rank * Convs(backbone).Sum(c => c.Out));

    public override float[]? StartOfU(Backbone backbone, ChangeShape shape, TaskSettings settings)
    {
        var downs = new List<float>(shape.U);
        var stream = Stream;
        foreach (var conv in Convs(backbone))
        {
            var deviation = 1 / Math.Sqrt(Fan(conv));
            for (var i = 0; i < settings.Rank * Fan(conv); i++)
                downs.Add((float)(deviation * CounterRandom.Normal((ulong)(uint)settings.Seed, stream, (ulong)i)));
            stream++;
        }
        return [.. downs];
    }

    public override Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    )
    {
        var rank = (int)parameters.U.shape[1] / Convs(backbone).Sum(Fan);
        Pieces downs = new(parameters.U, Convs(backbone).Select(c => rank * Fan(c))),
            ups = new(parameters.V.select(1, 0), Convs(backbone).Select(c => rank * c.Out));
        return backbone.Features(
            h,
            from,
            (conv, x) =>
            {
                var (kernel, bias) = backbone.Frozen(conv);
                // [Out, In k k]
                var change = ups.Next().reshape(conv.Out, rank).matmul(downs.Next().reshape(rank, Fan(conv)));
                return Backbone.Convolve(conv, x, kernel.to(ScalarType.Float32) + change.reshape(conv.Shape), bias);
            },
            pools: pools
        );
    }

    private static IEnumerable<ConvLayout> Convs(Backbone backbone) =>
        backbone.Layers.Convs.Where(c => c != backbone.Layers.StemConv);

    private static int Fan(ConvLayout conv) => conv.In * conv.Kernel * conv.Kernel;
}
