using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// Collects pools of stages' outputs from the passes of a batch. Each pool is computed on its own, so that it has the
/// same bits whatever else is wanted; what a later pass gives takes the place of what an earlier one gave, so that a
/// stage behind a task's cut counts as the task has it.
/// </summary>
/// <param name="wanted">Each once, of stages that the network has.</param>
public sealed class StagePools(IReadOnlyList<StagePool> wanted) : IDisposable
{
    /// <summary>Elements that become float32 at once: they stay in the processor's cache.</summary>
    private const long Converted = 1 << 19;

    private readonly Dictionary<StagePool, Tensor> _values = [];

    /// <summary>The last stage of which something is wanted.</summary>
    public int LastStage { get; } = wanted.Max(pool => pool.Stage);

    /// <param name="x">Output of the stage, [B, C, H, W].</param>
    internal void Take(int stage, Tensor x)
    {
        if (!wanted.Any(pool => pool.Stage == stage))
            return;
        var rows = x.dtype == ScalarType.Float32 ? x.shape[0] : Math.Max(1, Converted * x.shape[0] / x.numel());
        if (rows >= x.shape[0])
        {
            using var values = x.to(ScalarType.Float32);
            foreach (var pool in wanted)
                if (pool.Stage == stage)
                    Put(pool, Pooled(values, pool.Side));
            return;
        }
        using var scope = NewDisposeScope();
        var parts = wanted.Where(pool => pool.Stage == stage).ToDictionary(pool => pool, _ => new List<Tensor>());
        for (var from = 0L; from < x.shape[0]; from += rows)
        {
            using var values = x.narrow(0, from, Math.Min(rows, x.shape[0] - from)).to(ScalarType.Float32);
            foreach (var (pool, part) in parts)
                part.Add(Pooled(values, pool.Side));
        }
        foreach (var (pool, part) in parts)
            Put(pool, cat(part, 0));
    }

    /// <summary>All that is wanted, in its order; differentiable where the passes were.</summary>
    /// <returns>float32 [B, W]</returns>
    public Tensor Values() =>
        wanted is [var one] ? _values[one].alias() : cat([.. wanted.Select(pool => _values[pool])], 1);

    public void Dispose()
    {
        foreach (var values in _values.Values)
            values.Dispose();
        _values.Clear();
    }

    private void Put(StagePool pool, Tensor values)
    {
        if (_values.Remove(pool, out var earlier))
            earlier.Dispose();
        _values[pool] = values.DetachFromDisposeScope();
    }

    /// <param name="values">float32 [B, C, H, W]</param>
    private static Tensor Pooled(Tensor values, int side)
    {
        if (side == 1)
            return values.mean([2, 3]); // [B, C]
        using var pooled = nn.functional.adaptive_avg_pool2d(values, side); // [B, C, side, side]
        using var cells = pooled.permute(0, 2, 3, 1);
        return cells.reshape(values.shape[0], -1); // [B, side side C]
    }
}
