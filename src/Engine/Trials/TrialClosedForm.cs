using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// The readout in closed form of a trial (docs/method.md#readout-in-closed-form), chosen and fitted on a thread of the
/// host.
/// </summary>
internal sealed class TrialClosedForm(TrialPlan plan, TrialImages images, HostWork host)
{
    /// <summary>Fits to all examples.</summary>
    /// <param name="fitted">Gets the readout, and how it does on <see cref="TrialPlan.Answered"/>, or else on all that
    /// the folds held out; null where they held out none.</param>
    public IEnumerable<Turn> Fit(Action<ReadoutFit, Scores?> fitted)
    {
        ReadoutFit fit = null!;
        foreach (var turn in Choose(plan.Examples, f => fit = f))
            yield return turn;
        var logits = fit.HeldOut.Zip(fit.HeldOutLogits).ToDictionary(h => plan.Examples[h.First], h => h.Second);
        var held = HeldOutOf(fit);
        if (!held.All(logits.ContainsKey))
        {
            // The folds saw a sample alone: the compared images answer to a readout of all the others.
            foreach (var turn in Choose([.. plan.Examples.Except(held)], f => logits = Answers(f.Stored, held)))
                yield return turn;
        }
        fitted(fit, held.Length == 0 ? null : ScoresOf(held, logits));
    }

    /// <summary>Images that a readout is compared on, in their order.</summary>
    public int[] HeldOutOf(ReadoutFit fit) =>
        plan.Answered.Length > 0 ? plan.Answered : [.. fit.HeldOut.Select(row => plan.Examples[row]).Order()];

    private IEnumerable<Turn> Choose(int[] examples, Action<ReadoutFit> chosen)
    {
        while (!host.TryEnter())
            yield return Turn.Sleeping;
        using var stop = new CancellationTokenSource();
        HostRecords? records = images.NewRecords(examples.Length);
        try
        {
            foreach (var turn in images.Read(examples, records))
                yield return turn;
            var (read, targets, token) = (records, images.ReadoutTargets(examples), stop.Token);
            records = null;
            var fit = host.Run(() =>
            {
                using (read)
                    return ClosedFormReadout.Choose(
                        read,
                        targets,
                        ReadoutBudget.Of(plan.Task.Outputs),
                        plan.Settings.Seed,
                        cancel: token
                    );
            });
            while (!fit.IsCompleted)
                yield return Turn.Sleeping;
            chosen(fit.GetAwaiter().GetResult());
        }
        finally
        {
            stop.Cancel();
            records?.Dispose();
            host.Leave();
        }
    }

    private Dictionary<int, float[]> Answers(StoredReadout readout, int[] held)
    {
        var layout = images.Layout;
        var features = new float[layout.WidthOf(readout.Place)];
        return held.ToDictionary(
            i => i,
            i =>
            {
                layout.Copy(readout.Place, images.Record(i), features);
                var logits = new float[readout.Outputs];
                readout.Scores(features, logits);
                return logits;
            }
        );
    }

    /// <param name="held">Images.</param>
    /// <param name="logits">Calibrated logits [K] of each.</param>
    public Scores ScoresOf(int[] held, Dictionary<int, float[]> logits)
    {
        var loss = plan.Task.ReadoutLoss;
        var (losses, right) = (new double[held.Length], 0.0);
        for (var i = 0; i < held.Length; i++)
        {
            double[] p = [.. logits[held[i]]];
            loss.Probabilities(p);
            var target = images.Target(held[i]);
            losses[i] = loss.Sum(p, target, TrialMeasuring.LeastProbability) / loss.Share(plan.Task.Outputs);
            right += loss.Right([.. p.Select(x => (float)x)], target);
        }
        return new Scores(losses, right);
    }
}
