using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Planning;

/// <summary>Regularised logistic regression on frozen features, measured on images that it did not see.</summary>
public static class Probe
{
    /// <summary>One readout per fold, fitted on the rows outside of it.</summary>
    public static IReadOnlyList<FittedReadout> CrossFit(
        float[,] features,
        IReadOnlyList<int[]> folds,
        IReadOnlyList<float[]> targets,
        ReadoutLoss loss,
        CancellationToken cancellation
    ) =>
        [
            .. folds.Select(fold =>
                Fit(features, [.. folds.Where(f => f != fold).SelectMany(f => f)], targets, loss, cancellation)
            ),
        ];

    /// <param name="rows">Places of the rows to fit to.</param>
    public static FittedReadout Fit(
        float[,] features,
        int[] rows,
        IReadOnlyList<float[]> targets,
        ReadoutLoss loss,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var x = tensor(features).index_select(0, tensor(rows.Select(r => (long)r).ToArray()));
        return LogisticRegression.Fit(
            x,
            tensor([.. rows.SelectMany(r => targets[r])], [rows.Length, targets[0].Length]),
            loss
        );
    }
}
