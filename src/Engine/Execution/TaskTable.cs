using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>What a slot holds. For each trained column its Adam moments follow, and the best snapshot so far.</summary>
public enum Column
{
    U, V, W, B,
    UFirst, VFirst, WFirst, BFirst,
    USecond, VSecond, WSecond, BSecond,
    G, Tau,
    UBest, VBest, WBest, BBest, GBest,
}

/// <summary>
/// Stacked parameters of many tasks: one tensor per column, one row per slot. Slot 0 is scratch: padding segments point at it.
/// A slot that is taken starts clean.
/// </summary>
public sealed class TaskTable : IDisposable
{
    private readonly Tensor[] _columns;
    private readonly long[][] _shapes;
    private readonly Stack<int> _free = new();
    private int _capacity = 16;

    /// <param name="channels">C at the cut.</param>
    /// <param name="gridHeight">h</param>
    /// <param name="gridWidth">w</param>
    /// <param name="outputs">K, the readouts' bucket.</param>
    /// <param name="features">D</param>
    /// <param name="device">Owns the columns.</param>
    public TaskTable(int channels, int gridHeight, int gridWidth, int outputs, int features, Device device)
    {
        long[] u = [channels], v = [gridHeight, gridWidth], w = [outputs, features], b = [outputs], g = [features];
        _shapes = [u, v, w, b, u, v, w, b, u, v, w, b, g, [1], u, v, w, b, g];
        _columns = [.. _shapes.Select(s => zeros([_capacity, .. s], ScalarType.Float32, device).DetachFromDisposeScope())];
        for (var slot = _capacity - 1; slot > 0; slot--) _free.Push(slot);
    }

    public long Bytes => _columns.Sum(c => c.numel() * c.element_size());

    /// <summary>Elements of one slot of a column.</summary>
    public int Width(Column column) => (int)_shapes[(int)column].Aggregate(1L, (n, d) => n * d);

    public int Take()
    {
        if (_free.Count == 0) Grow();
        var slot = _free.Pop();
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var column in _columns) column[slot].zero_();
        _columns[(int)Column.G][slot].fill_(1);
        _columns[(int)Column.Tau][slot].fill_(1);
        return slot;
    }

    public void Release(int slot) => _free.Push(slot);

    /// <param name="slots">int64 [S]</param>
    /// <returns>A copy, [S, ...].</returns>
    public Tensor Gather(Column column, Tensor slots) => _columns[(int)column].index_select(0, slots);

    /// <param name="slots">int64 [n], distinct.</param>
    /// <param name="values">[n, ...]</param>
    public void Scatter(Column column, Tensor slots, Tensor values) => _columns[(int)column].index_copy_(0, slots, values);

    public float[] Read(Column column, int slot)
    {
        using var scope = NewDisposeScope();
        return _columns[(int)column][slot].contiguous().cpu().data<float>().ToArray();
    }

    public void Write(Column column, int slot, float[] values)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _columns[(int)column][slot].copy_(tensor(values, _shapes[(int)column]));
    }

    /// <summary>Copies whole rows between columns of equal shape.</summary>
    public void Copy(int slot, params ReadOnlySpan<(Column From, Column To)> pairs)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (from, to) in pairs) _columns[(int)to][slot].copy_(_columns[(int)from][slot]);
    }

    public void Dispose()
    {
        foreach (var column in _columns) column.Dispose();
    }

    private void Grow()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < _columns.Length; i++)
        {
            var old = _columns[i];
            _columns[i] = cat([old, zeros_like(old)], 0).DetachFromDisposeScope();
            old.Dispose();
        }
        for (var slot = 2 * _capacity - 1; slot >= _capacity; slot--) _free.Push(slot);
        _capacity *= 2;
    }
}
