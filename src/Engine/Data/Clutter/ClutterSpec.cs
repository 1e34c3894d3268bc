using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>One task of the clutter protocol: which class lies at the station, whatever lies elsewhere.</summary>
/// <param name="Classes">At least two names of the source's classes; the task's labels are their places here.</param>
/// <param name="Station">The cell of the relevant object, 0 to 8, row after row.</param>
/// <param name="TrainCount">Canvases of the train split, 0 to 100,000; each is the same for any larger count.</param>
/// <param name="TestCount">Canvases of the test split, 0 to 100,000.</param>
/// <param name="Seed">Redraws both splits.</param>
public sealed record ClutterSpec(IReadOnlyList<string> Classes, int Station, int TrainCount, int TestCount, ulong Seed)
{
    /// <summary>Cells per side of a canvas, pixels per side of a cell and of a canvas.</summary>
    public const int Grid = 3,
        Cell = IObjectSource.Side,
        Side = Grid * Cell;

    private const int MaxCount = 100_000;

    public int Count(DatasetSplit split) => split == DatasetSplit.Train ? TrainCount : TestCount;

    /// <exception cref="InputException"><c>clutter-invalid</c>.</exception>
    public ClutterSpec Validated()
    {
        if (Classes.Count < 2 || Classes.Distinct(StringComparer.Ordinal).Count() < Classes.Count)
            throw Invalid("needs at least two different classes");
        if (Station is < 0 or >= Grid * Grid)
            throw Invalid($"needs a station from 0 to {Grid * Grid - 1}");
        if (TrainCount is < 0 or > MaxCount || TestCount is < 0 or > MaxCount || TrainCount + TestCount == 0)
            throw Invalid($"needs 1 to {MaxCount:N0} canvases");
        return this;
    }

    private static InputException Invalid(string need) =>
        new("clutter-invalid", $"A clutter task {need}; correct the request.");
}
