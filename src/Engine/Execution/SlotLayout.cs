using ComodCluster.Engine.Methods;

namespace ComodCluster.Engine.Execution;

/// <summary>Sizes of a slot's columns; what is not trained has neither moments nor a snapshot.</summary>
/// <param name="Network">U and V: what is trained inside the network.</param>
/// <param name="Outputs">K, the readouts' bucket.</param>
/// <param name="Features">D</param>
/// <param name="TrainsNetwork">U and V are trained.</param>
/// <param name="TrainsReadout">W and b are trained.</param>
/// <param name="TrainsGain">g is trained; it has a snapshot in any case.</param>
public readonly record struct SlotLayout(
    ChangeShape Network,
    int Outputs,
    int Features,
    bool TrainsNetwork,
    bool TrainsReadout,
    bool TrainsGain
)
{
    /// <summary>Shape of one slot of a column.</summary>
    public long[] ShapeOf(Column column) =>
        column switch
        {
            Column.U => [Network.U],
            Column.V => [Network.VHeight, Network.VWidth],
            Column.W => [Outputs, Features],
            Column.B => [Outputs],
            Column.G or Column.GBest => [Features],
            Column.Tau => [1],
            _ => Trains(ParameterOf(column)) ? ShapeOf(ParameterOf(column)) : [0],
        };

    /// <param name="parameter">U, V, W, B or G.</param>
    public bool Trains(Column parameter) =>
        parameter switch
        {
            Column.U or Column.V => TrainsNetwork,
            Column.G => TrainsGain,
            _ => TrainsReadout,
        };

    public long Bytes
    {
        get
        {
            var layout = this;
            return Enum.GetValues<Column>().Sum(c => layout.ShapeOf(c).Aggregate(1L, (n, d) => n * d)) * sizeof(float);
        }
    }

    private static Column ParameterOf(Column column) =>
        column switch
        {
            >= Column.UBest => column - (Column.UBest - Column.U),
            >= Column.USecond => column - (Column.USecond - Column.U),
            _ => column - (Column.UFirst - Column.U),
        };
}
