namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>The state of each run that is best on the validation points counts.</summary>
internal static class EarlyStopping
{
    /// <returns>Accuracies of the eight runs by number of epochs: those of the budgets, then the most.</returns>
    public static IReadOnlyList<(int Epochs, double[] Accuracy)> Train(
        IEightRuns runs,
        KeptBy keptBy,
        HierarchySettings settings,
        CancellationToken stop
    )
    {
        var best = Badness();
        for (var run = 0; run < Tile.Lanes; run++)
            runs.Keep(run);
        var (results, improved) = (new List<(int, double[])>(), 0);
        for (var epoch = 1; epoch <= settings.Epochs && epoch - improved <= settings.Patience; epoch++)
        {
            stop.ThrowIfCancellationRequested();
            runs.Epoch();
            var now = Badness();
            for (var run = 0; run < Tile.Lanes; run++)
            {
                if (now[run].CompareTo(best[run]) > 0 || double.IsNaN(now[run].Loss))
                    continue;
                (best[run], improved) = (now[run], epoch);
                runs.Keep(run);
            }
            if (settings.Budgets.Contains(epoch))
                results.Add((epoch, runs.Accuracy()));
        }
        var last = runs.Accuracy();
        results.AddRange(settings.Budgets.Skip(results.Count).Append(settings.Epochs).Select(budget => (budget, last)));
        return results;

        (double Errors, double Loss)[] Badness()
        {
            var (losses, accuracies) = runs.Validate();
            return
            [
                .. losses.Zip(accuracies, (loss, accuracy) => (keptBy == KeptBy.Accuracy ? 1 - accuracy : 0, loss)),
            ];
        }
    }
}
