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
    private readonly Dictionary<StagePool, Tensor> _values = [];

    /// <summary>The last stage of which something is wanted.</summary>
    public int LastStage { get; } = wanted.Max(pool => pool.Stage);

    /// <param name="x">Output of the stage, [B, C, H, W].</param>
    internal void Take(int stage, Tensor x)
    {
        foreach (var pool in wanted)
        {
            if (pool.Stage != stage)
                continue;
            if (_values.Remove(pool, out var earlier))
                earlier.Dispose();
            _values[pool] = Pooled(x, pool.Side).DetachFromDisposeScope();
        }
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

    private static Tensor Pooled(Tensor x, int side)
    {
        using var values = x.to(ScalarType.Float32);
        if (side == 1)
            return values.mean([2, 3]); // [B, C]
        using var pooled = nn.functional.adaptive_avg_pool2d(values, side); // [B, C, side, side]
        using var cells = pooled.permute(0, 2, 3, 1);
        return cells.reshape(x.shape[0], -1); // [B, side side C]
    }
}
