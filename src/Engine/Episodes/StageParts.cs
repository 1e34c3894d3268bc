using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>
/// Features of a pool of the modulated stage itself. What a cell of the pool and a cell of the couplings' grid have in
/// common has one gain; so the activations are summed over such parts once, and a step multiplies and adds these:
/// no convolution, and a fraction of the activations.
/// </summary>
internal sealed class StageParts : IDisposable
{
    private readonly Tensor _parts, // [n, P, C]
        _gains, // int64 [P]: which cell of the grid
        _cells; // [Q, P]: 1 where the part belongs to the pool's cell

    /// <param name="activations">Of the stage, frozen: [n, C, H, W].</param>
    /// <param name="side">Of the pool.</param>
    /// <param name="cell">The one cell that is read, row by row; null: all.</param>
    /// <param name="grid">Cells of the couplings' grid, (h, w).</param>
    public StageParts(Tensor activations, int side, int? cell, (int Height, int Width) grid)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (height, width) = ((int)activations.shape[2], (int)activations.shape[3]);
        var x = activations.to(ScalarType.Float32);
        List<Tensor> sums = [];
        List<long> gains = [];
        List<int> cells = [];
        for (var q = 0; q < side * side; q++)
        {
            if (cell is { } only && only != q)
                continue;
            var (rows, columns) = (Borders(q / side, side, height), Borders(q % side, side, width));
            using var area = ((double)((rows.To - rows.From) * (columns.To - columns.From))).ToScalar();
            foreach (var (gy, y, dy) in Parts(rows, grid.Height, height))
            foreach (var (gx, across, dx) in Parts(columns, grid.Width, width))
            {
                sums.Add(x.narrow(2, y, dy).narrow(3, across, dx).sum([2, 3]) / area);
                gains.Add(gy * grid.Width + gx);
                cells.Add(cell is null ? q : 0);
            }
        }
        _parts = stack(sums, 1).DetachFromDisposeScope();
        _gains = tensor(gains.ToArray(), device: x.device).DetachFromDisposeScope();
        var count = cells.Max() + 1;
        var members = new float[count * cells.Count];
        foreach (var (part, of) in cells.Index())
            members[of * cells.Count + part] = 1;
        _cells = tensor(members, [count, cells.Count], device: x.device).DetachFromDisposeScope();
    }

    /// <param name="gains">[1, C, h, w]</param>
    /// <param name="images">int64 [m]</param>
    /// <returns>[m, Q C]</returns>
    public Tensor Of(Tensor gains, Tensor images)
    {
        using var scope = NewDisposeScope();
        var each = gains[0].flatten(1).t().index_select(0, _gains); // [P, C]
        return matmul(_cells, _parts.index_select(0, images) * each).flatten(1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _parts.Dispose();
        _gains.Dispose();
        _cells.Dispose();
    }

    /// <summary>As adaptive pooling has them.</summary>
    private static (int From, int To) Borders(int cell, int cells, int size) =>
        (cell * size / cells, ((cell + 1) * size + cells - 1) / cells);

    /// <summary>The stretches of a cell that have one gain each, which are spread to the places by nearest.</summary>
    private static IEnumerable<(int Gain, int From, int Length)> Parts((int From, int To) cell, int grid, int size) =>
        Enumerable
            .Range(cell.From, cell.To - cell.From)
            .GroupBy(place => place * grid / size)
            .Select(part => (part.Key, part.First(), part.Count()));
}
