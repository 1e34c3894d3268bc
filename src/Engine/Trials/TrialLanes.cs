using System.Runtime.ExceptionServices;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>The lanes of a trial: its folds, and the one that is served.</summary>
internal sealed class TrialLanes(
    TrialPlan plan,
    TrialImages images,
    TrialReadouts readouts,
    Backbone backbone,
    Func<GroupKey, LaneGroup> groups,
    LaneCheckpoints checkpoints,
    DeviceClock clock
)
{
    private readonly List<(string Name, Lane Lane, LaneGroup Group)> _lanes = [];

    /// <summary>Lanes by name, those that have ended included.</summary>
    public IReadOnlyList<(string Name, Lane Lane, LaneGroup Group)> All => _lanes;

    public double DeviceSeconds => _lanes.Sum(l => l.Lane.DeviceSeconds);

    /// <summary>A lane that learns from all but a fold, and has the fold held out.</summary>
    public Lane AddFold(int fold, int[] train, FittedReadout start) =>
        Add($"fold{fold}", train, plan.Folds[fold], plan.Settings.Steps, start, fold: true);

    /// <summary>The lane whose parameters may be served.</summary>
    public Lane AddFinal(int[] train, int[] held, int steps, FittedReadout start) =>
        Add("final", train, held, steps, start, fold: false);

    public LaneGroup GroupOf(Lane lane) => _lanes.Single(l => l.Lane == lane).Group;

    /// <exception cref="AdaptationDivergedException">The lane left the finite range.</exception>
    public void Check(Lane lane)
    {
        if (lane.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
        if (lane.Failure is { } failure)
            throw new AdaptationDivergedException(
                $"{plan.Settings.Method} with seed {plan.Settings.Seed} diverged: {failure}."
            );
    }

    public void Release()
    {
        foreach (var (_, lane, group) in _lanes)
            group.Remove(lane);
    }

    /// <summary>How a lane that has ended did on its held-out images from where it started.</summary>
    public IEnumerable<Turn> EvaluateStart(Lane lane, FittedReadout start, Action<Scores> evaluated)
    {
        var group = GroupOf(lane);
        group.WriteStart(lane, start.Weight, start.Bias);
        foreach (var (_, losses, accuracy) in group.EvaluateAll([lane], l => l.Held))
        {
            if (losses is null)
                yield return Turn.Worked;
            else
                evaluated(new Scores(losses, accuracy * losses.Length));
        }
        Check(lane);
    }

    /// <summary>
    /// Parameters that may be served: of each evaluation where they are kept, and the best of all evaluations.
    /// </summary>
    public LaneSnapshot[] Snapshots(Lane lane)
    {
        if (lane.BestStep == 0 || lane.Snapshots.Exists(s => s.Step == lane.BestStep))
            return [.. lane.Snapshots];
        var group = GroupOf(lane);
        return
        [
            .. lane.Snapshots,
            new LaneSnapshot(
                lane.BestStep,
                [],
                group.Read(lane, Column.UBest),
                group.Read(lane, Column.VBest),
                group.Read(lane, Column.GBest)
            ),
        ];
    }

    /// <summary>
    /// The refit (docs/method.md#readouts, step 3) of a lane's parameters: plain, with the decoder gain as prior
    /// variance, or both, as the settings ask for.
    /// </summary>
    /// <param name="lane">One that has ended.</param>
    /// <param name="parameters">Become the lane's; null: those that it has.</param>
    /// <param name="train">Images that the readout is fitted to.</param>
    /// <param name="fitted">Gets each fit: whether with the prior, the readout, and how it does on the held-out
    /// images.</param>
    /// <param name="only">With the prior or without, where that is known.</param>
    public IEnumerable<Turn> Refit(
        Lane lane,
        LaneSnapshot? parameters,
        int[] train,
        Action<bool, FittedReadout, Scores> fitted,
        bool? only = null
    )
    {
        var group = GroupOf(lane);
        if (parameters is not null)
        {
            group.Write(lane, Column.U, parameters.U);
            group.Write(lane, Column.V, parameters.V);
            group.Write(lane, Column.G, parameters.G);
        }
        float[,]? features = null;
        foreach (var part in group.Features(lane, [.. train, .. lane.Held]))
        {
            features = part;
            yield return Turn.Worked;
        }
        bool[] forms = (plan.Traits.Gain != GainSource.One, plan.Settings.Refit) switch
        {
            (false, _) or (_, ReadoutRefit.Plain) => [false],
            (_, ReadoutRefit.Prior) => [true],
            _ => only is { } known ? [known] : [false, true],
        };
        foreach (var prior in forms)
        {
            clock.Charge(() =>
            {
                var (readout, scores) = readouts.Fit(
                    features!,
                    train,
                    lane.Held,
                    prior ? group.Read(lane, Column.G) : null
                );
                fitted(prior, readout, scores);
            });
            yield return Turn.Worked;
        }
    }

    private Lane Add(string name, int[] train, int[] held, int steps, FittedReadout start, bool fold)
    {
        var lane = new Lane
        {
            Settings = plan.Settings,
            Task = plan.Task,
            Pack = images.Pack,
            Tenant = images.Tenant,
            Train = train,
            Held = held,
            Steps = steps,
            EarlyStopping = held.Length > 0 && !fold,
            KeepSnapshots = fold || (held.Length > 0 && plan.Refits && NetworkChange.Of(plan.Traits.Trains).Resumes),
            TrainsReadout = plan.TrainsReadout,
        };
        var group = groups(plan.Group(backbone));
        group.Add(lane, start.Weight, start.Bias);
        checkpoints.Restore(name, lane, group);
        _lanes.Add((name, lane, group));
        return lane;
    }
}
