namespace ComodCluster.Client.Commands.Reproduce.Hierarchy;

/// <summary>Of each run, the state with the best validation loss counts.</summary>
internal static class EarlyStopping
{
    /// <returns>Accuracies of the eight runs by number of epochs: those of the budgets, then the most.</returns>
    public static IReadOnlyList<(int Epochs, double[] Accuracy)> Train(IEightRuns runs, HierarchySettings settings, CancellationToken stop)
    {
        var best = runs.ValidationLoss();
        for (var run = 0; run < Tile.Lanes; run++) runs.Keep(run);
        var (results, improved) = (new List<(int, double[])>(), 0);
        for (var epoch = 1; epoch <= settings.Epochs && epoch - improved <= settings.Patience; epoch++)
        {
            stop.ThrowIfCancellationRequested();
            runs.Epoch();
            var losses = runs.ValidationLoss();
            for (var run = 0; run < Tile.Lanes; run++)
            {
                if (!(losses[run] <= best[run])) continue;
                (best[run], improved) = (losses[run], epoch);
                runs.Keep(run);
            }
            if (settings.Budgets.Contains(epoch)) results.Add((epoch, runs.Accuracy()));
        }
        var last = runs.Accuracy();
        results.AddRange(settings.Budgets.Skip(results.Count).Append(settings.Epochs).Select(budget => (budget, last)));
        return results;
    }
}
