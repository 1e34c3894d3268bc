using System.Globalization;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// Means of a stage's output over <paramref name="Side"/> x <paramref name="Side"/> cells, whose borders are those of
/// adaptive pooling. The values are in the order of the cells, row by row, and within a cell of the channels, so that a
/// cell is contiguous.
/// Written <c>layer3</c> for one cell, else <c>layer3:3x3</c>.
/// </summary>
/// <param name="Stage">1-based.</param>
/// <param name="Side">1 or more.</param>
public readonly record struct StagePool(int Stage, int Side)
{
    public int Cells => Side * Side;

    /// <summary>Whether the network has the stage, with an output of at least as many places as cells.</summary>
    public bool ExistsIn(BackboneSpec spec) =>
        Stage >= 1 && Stage <= spec.Blocks.Count && Side >= 1 && Side <= spec.ShapeAt(Cut.AfterStage(Stage)).H;

    /// <summary>Channels of the stage: values of a cell.</summary>
    public int ChannelsOf(BackboneSpec spec) => spec.ShapeAt(Cut.AfterStage(Stage)).C;

    /// <summary>All values.</summary>
    public int WidthOf(BackboneSpec spec) => Cells * ChannelsOf(spec);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"layer{Stage}{(Side == 1 ? "" : $":{Side}x{Side}")}");
}
