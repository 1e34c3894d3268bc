using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// Which step a trial serves (docs/method.md#validation): candidates are compared as they would be served, and the base
/// is one of them.
/// </summary>
internal sealed class StepChoice(TrialPlan plan, TrialLanes lanes, TrialReadouts readouts, TrialStates states)
{
    // Enough that steps compare as they would with all of them, few enough that comparing costs less than stepping.
    private const int ComparedOn = 256;

    private List<Candidate> _compared = [];

    /// <summary>
    /// Chooses the number of steps, and the refit's prior, by the pooled out-of-fold loss; the gate sees the same
    /// predictions.
    /// </summary>
    public IEnumerable<Turn> CrossValidate(Action<(Verdict? Chosen, GateDecision? Gate, HeldOut HeldOut)> decided)
    {
        var trains = plan.Folds.Select(f => plan.Examples.Except(f).ToArray()).ToArray();
        var references = trains.Select(readouts.First).ToArray();
        var reference = Scores.Of(plan.Folds.Select((fold, k) => readouts.ScoresOf(references[k], fold)));
        if (!plan.Stepped)
        {
            decided((null, null, reference.HeldOut(plan.Folds.Count)));
            yield break;
        }
        var folds = plan.Folds.Select((_, k) => lanes.AddFold(k, trains[k], references[k])).ToArray();
        while (folds.Any(l => l.Running))
            yield return Turn.Waiting;
        foreach (var lane in folds)
            lanes.Check(lane);
        var untouched = reference;
        if (plan.Refits)
        {
            foreach (var turn in CompareRefitted(folds))
                yield return turn;
        }
        else
        {
            Compare(folds);
            List<Scores> starts = [];
            for (var k = 0; k < folds.Length; k++)
            {
                foreach (var turn in lanes.EvaluateStart(folds[k], references[k], starts.Add))
                    yield return turn;
            }
            untouched = Scores.Of(starts);
        }
        var verdict = Candidate.OfFolds(untouched, Candidate.Least(_compared));
        var scores = verdict.Candidate.IsBase ? reference : verdict.Candidate.Scores;
        decided((verdict, plan.Decide(scores.Losses, reference.Losses), scores.HeldOut(folds.Length)));
    }

    /// <summary>The state of a lane that took the chosen steps on all examples.</summary>
    public IEnumerable<Turn> Finish(Lane lane, Candidate chosen, Action<TaskState> made)
    {
        FittedReadout? refit = null;
        if (plan.Refits)
        {
            foreach (
                var turn in lanes.Refit(
                    lane,
                    null,
                    lane.Train,
                    (prior, readout, _) => refit = prior == chosen.Prior ? readout : refit,
                    chosen.Prior
                )
            )
                yield return turn;
        }
        made(states.Of(lane, lanes.GroupOf(lane), refit));
    }

    /// <summary>
    /// The best step of a lane with images held out, and its state; the base where no step is better.
    /// </summary>
    public IEnumerable<Turn> Choose(Lane lane, FittedReadout reference, Action<Verdict, TaskState> chosen)
    {
        var group = lanes.GroupOf(lane);
        if (!plan.Refits)
        {
            Scores start = null!;
            foreach (var turn in lanes.EvaluateStart(lane, reference, s => start = s))
                yield return turn;
            group.RestoreBest(lane);
            var reached = new Scores([lane.BestLoss], lane.BestAccuracy ?? 0);
            var verdict = Candidate.Compared(start, lane.BestStep == 0 ? null : new(lane.BestStep, false, reached));
            chosen(verdict, verdict.Candidate.IsBase ? states.Of(reference) : states.Of(lane, group, null));
            yield break;
        }
        var untouched = readouts.ScoresOf(reference, lane.Held);
        // The fits that compare steps see so many of the training images at most; the one that is served sees all.
        var sample = Spread(lane.Train, ComparedOn);
        foreach (var snapshot in lanes.Snapshots(lane))
        {
            foreach (
                var turn in lanes.Refit(
                    lane,
                    snapshot,
                    sample,
                    (prior, _, scores) => _compared.Add(new(snapshot.Step, prior, scores))
                )
            )
                yield return turn;
        }
        List<(Candidate Candidate, FittedReadout Readout)> whole = [];
        if (Candidate.Least(_compared)?.Step is { } step)
        {
            var best = lanes.Snapshots(lane).Single(s => s.Step == step);
            foreach (
                var turn in lanes.Refit(
                    lane,
                    best,
                    lane.Train,
                    (prior, readout, scores) => whole.Add((new(step, prior, scores), readout))
                )
            )
                yield return turn;
        }
        var served = Candidate.Compared(untouched, Candidate.Least(whole.Select(w => w.Candidate)));
        chosen(
            served,
            served.Candidate.IsBase
                ? states.Of(reference)
                : states.Of(lane, group, whole.Single(w => w.Candidate == served.Candidate).Readout)
        );
    }

    /// <summary>
    /// Curve of the lane with images held out, or the mean over the folds: a cross-validated trial has no images held
    /// out of its final run. Losses are those of what would be served.
    /// </summary>
    public EvaluationPoint[] Curve()
    {
        var curves = lanes.All.Select(l => l.Lane.Curve).Where(c => c.Count > 0).ToArray();
        return curves.Length == 0 ? [] : [.. Enumerable.Range(0, curves.Min(c => c.Count)).Select(Point)];

        EvaluationPoint Point(int i)
        {
            var step = curves[0][i].Step;
            var mean = new EvaluationPoint(
                step,
                curves.Average(c => c[i].Loss),
                curves.Average(c => c[i].HeldOutLoss),
                curves.Average(c => c[i].HeldOutAccuracy)
            );
            return plan.Refits && _compared.Where(c => c.Step == step).MinBy(c => c.Scores.Loss) is { } served
                ? mean with
                {
                    HeldOutLoss = served.Scores.Loss,
                    HeldOutAccuracy = served.Scores.Accuracy,
                }
                : mean;
        }
    }

    /// <summary>Each evaluation of the folds, pooled.</summary>
    private void Compare(Lane[] folds) =>
        _compared = [
            .. folds[0]
                .Snapshots.Select(
                    (snapshot, point) =>
                        new Candidate(
                            snapshot.Step,
                            false,
                            Scores.Of(
                                folds.Select(l => new Scores(
                                    l.Snapshots[point].HeldOutLosses,
                                    l.Curve[point].HeldOutAccuracy * l.Held.Length
                                ))
                            )
                        )
                ),
        ];

    /// <summary>Each evaluation of the folds with readouts refitted, pooled.</summary>
    private IEnumerable<Turn> CompareRefitted(Lane[] folds)
    {
        for (var point = 0; point < folds[0].Snapshots.Count; point++)
        {
            List<Scores> plain = [],
                scaled = [];
            foreach (var lane in folds)
            {
                foreach (
                    var turn in lanes.Refit(
                        lane,
                        lane.Snapshots[point],
                        lane.Train,
                        (prior, _, scores) => (prior ? scaled : plain).Add(scores)
                    )
                )
                    yield return turn;
            }
            var step = folds[0].Snapshots[point].Step;
            if (plain.Count > 0)
                _compared.Add(new(step, false, Scores.Of(plain)));
            if (scaled.Count > 0)
                _compared.Add(new(step, true, Scores.Of(scaled)));
        }
    }

    private static int[] Spread(int[] images, int most) =>
        images.Length <= most
            ? images
            : [.. Enumerable.Range(0, most).Select(i => images[(long)i * images.Length / most])];
}
