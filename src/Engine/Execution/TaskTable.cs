using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Stacked parameters of many tasks: one tensor per column, one row per slot, never moved. Where batches have padding
/// segments, slot 0 is scratch:
/// they point at it. A slot that is taken starts clean.
/// </summary>
public sealed class TaskTable : IDisposable
{
    private readonly SlotLayout _layout;
    private readonly Tensor[] _columns;
    private readonly Stack<int> _free = new();

    /// <param name="layout">Layout of each slot.</param>
    /// <param name="slots">The scratch slot included.</param>
    /// <param name="device">Owns the columns.</param>
    /// <param name="scratch">Whether slot 0 is never taken.</param>
    public TaskTable(SlotLayout layout, int slots, Device device, bool scratch = true)
    {
        _layout = layout;
        _columns =
        [
            .. Enum.GetValues<Column>()
                .Select(c => zeros([slots, .. layout.ShapeOf(c)], ScalarType.Float32, device).DetachFromDisposeScope()),
        ];
        for (var slot = slots - 1; slot >= (scratch ? 1 : 0); slot--)
            _free.Push(slot);
    }

    public int FreeSlots => _free.Count;

    public long Bytes => _columns.Sum(c => c.numel() * c.element_size());

    /// <summary>Elements of one slot of a column.</summary>
    public int Width(Column column) => (int)_layout.ShapeOf(column).Aggregate(1L, (n, d) => n * d);

    /// <exception cref="InvalidOperationException">No slot is free.</exception>
    public int Take()
    {
        var slot = _free.Pop();
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var column in _columns)
            column[slot].zero_();
        _columns[(int)Column.G][slot].fill_(Scalars.One);
        _columns[(int)Column.Tau][slot].fill_(Scalars.One);
        return slot;
    }

    public void Release(int slot) => _free.Push(slot);

    /// <param name="slots">int64 [S]</param>
    /// <param name="column">Which.</param>
    /// <returns>A copy, [S, ...].</returns>
    public Tensor Gather(Column column, Tensor slots) => _columns[(int)column].index_select(0, slots);

    /// <param name="column">Which.</param>
    /// <param name="slots">int64 [n], distinct.</param>
    /// <param name="values">[n, ...]</param>
    public void Scatter(Column column, Tensor slots, Tensor values) =>
        _columns[(int)column].index_copy_(0, slots, values);

    public float[] Read(Column column, int slot)
    {
        using var scope = NewDisposeScope();
        return Width(column) == 0 ? [] : HostTensors.Read(_columns[(int)column][slot]).ToArray();
    }

    public void Write(Column column, int slot, float[] values)
    {
        if (Width(column) == 0)
            return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _columns[(int)column][slot].copy_(tensor(values, _layout.ShapeOf(column)));
    }

    /// <summary>Makes the present parameters the best snapshot.</summary>
    public void KeepAsBest(int slot) => Copy(slot, toBest: true);

    /// <summary>Makes the best snapshot the present parameters.</summary>
    public void RestoreBest(int slot) => Copy(slot, toBest: false);

    public void Dispose()
    {
        foreach (var column in _columns)
            column.Dispose();
    }

    private void Copy(int slot, bool toBest)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (
            var (now, best) in new[]
            {
                (Column.U, Column.UBest),
                (Column.V, Column.VBest),
                (Column.W, Column.WBest),
                (Column.B, Column.BBest),
                (Column.G, Column.GBest),
            }
        )
        {
            if (Width(best) == 0)
                continue;
            var (from, to) = toBest ? (now, best) : (best, now);
            _columns[(int)to][slot].copy_(_columns[(int)from][slot]);
        }
    }
}
