using System.Runtime.ExceptionServices;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// One trial from its images to its result, as a coroutine of the device thread: prefix, first readout, lanes, choice of steps, refit, gate, test.
/// </summary>
internal sealed class TrialRun(
    TrialPlan plan, string tenant, DatasetPack pack, Backbone backbone, ActivationCache activations, ExecutionProfile profile, int batchRows, TimeProvider time,
    Func<GroupKey, LaneGroup> groups, LaneCheckpoints checkpoints)
{
    // Enough that steps compare as they would with all of them, few enough that comparing costs less than stepping.
    private const int ComparedOn = 256;

    private readonly List<(string Name, Lane Lane, LaneGroup Group)> _lanes = [];
    private List<Candidate> _asServed = [];
    private double _deviceSeconds;

    public TrialPlan Plan => plan;

    public TrialResult? Result { get; private set; }

    /// <summary>Lanes by name, those that have ended included.</summary>
    public IReadOnlyList<(string Name, Lane Lane, LaneGroup Group)> Lanes => _lanes;

    public int StepsDone => _lanes.Sum(l => l.Lane.Stopped ? l.Lane.Steps : l.Lane.Step);

    private TaskSettings Settings => plan.Settings;
    private TaskDefinition Task => plan.Task;
    private bool Own => Task.Mode == ReadoutMode.Own;
    private bool Refits => Own && Settings.Refit != ReadoutRefit.None;
    private bool HasGain => plan.Traits.Gain != GainSource.One;

    public IEnumerable<Turn> Run()
    {
        foreach (var cut in plan.Cuts)
            foreach (var turn in Fill(cut)) yield return turn;

        var folds = plan.Folds.Count > 0;
        int[] train = folds ? plan.Examples : plan.Train, held = folds ? [] : plan.EarlyStopping;
        Verdict? chosen = null;
        GateDecision? gate = null;
        HeldOut? heldOut = null;
        if (folds)
        {
            foreach (var turn in CrossValidate(v => (chosen, gate, heldOut) = v)) yield return turn;
        }
        var reference = FirstReadout(train);
        var state = State(reference);
        if (plan.Stepped && chosen?.Candidate.IsBase != true)
        {
            var lane = AddLane("final", train, held, chosen?.Candidate.Step ?? Settings.Steps, reference);
            while (lane.Running) yield return Turn.Waiting;
            Check(lane);
            foreach (var turn in folds ? Finish(lane, chosen!.Candidate, s => state = s) : Choose(lane, reference, (c, s) => (chosen, state) = (c, s))) yield return turn;
        }

        if (plan.Gate.Length > 0)
        {
            List<float[]> version = [], baseline = [];
            foreach (var turn in Probabilities([(Served(state), version), (Served(State(reference)), baseline)], plan.Gate, charge: true)) yield return turn;
            var losses = Losses(version, plan.Gate);
            gate = Decide(losses, Losses(baseline, plan.Gate));
            heldOut = new HeldOut(1, losses, Measure(version, plan.Gate).Accuracy);
        }
        ClassificationMetrics? test = null, baseTest = null;
        Calibration? calibrated = null;
        if (plan.Test.Length > 0)
        {
            List<float[]> version = [], baseline = [];
            foreach (var turn in Probabilities([(Served(state), version), (Served(State(reference)), baseline)], plan.Test, charge: false)) yield return turn;
            test = Measure(version, plan.Test);
            baseTest = Measure(baseline, plan.Test);
            List<float[]> untrained = [];
            foreach (var turn in Probabilities([(Served(state), untrained)], plan.EarlyStopping, charge: false)) yield return turn;
            if (untrained.Count > 0) calibrated = Calibrate(untrained, version);
        }
        var stopped = folds ? null : chosen?.Candidate.Scores;
        Result = new TrialResult(
            state, Settings, new TrialMetrics(test, baseTest, stopped?.Loss, stopped?.Accuracy, calibrated), Curve(),
            plan.Examples.Length, chosen?.Candidate.Step ?? 0, TrainedParameters(state, chosen?.Candidate.IsBase != false),
            _deviceSeconds + _lanes.Sum(l => l.Lane.DeviceSeconds), gate, plan.Cut.ToString()) { HeldOut = heldOut, Kept = chosen?.Kept };
    }

    /// <summary>Gives the slots back, once the whole job has ended: until then a checkpoint needs them.</summary>
    public void Release()
    {
        foreach (var (_, lane, group) in _lanes) group.Remove(lane);
    }

    private PackImage At(int image) => new(pack, image, tenant);

    private Tensor Activations(Cut cut, int[] images) => activations.Rows(backbone, cut, [.. images.Select(i => (PackImage?)At(i))]);

    private IEnumerable<Turn> Fill(Cut cut)
    {
        var missing = plan.Examples.Select(At).Where(i => !activations.Holds(backbone, cut, i)).ToArray();
        foreach (var (images, decoded) in DecodedBatch.Ahead(backbone.Spec, missing, batchRows))
        {
            using (decoded)
            {
                Charged(() =>
                {
                    using var scope = NewDisposeScope();
                    activations.Rows(backbone, cut, [.. images.Select(i => (PackImage?)i)], decoded);
                });
            }
            yield return Turn.Worked;
        }
    }

    /// <summary>Rows of the backbone's head, or the readout-only fit: where lanes start, and the base that the gate compares with.</summary>
    private FittedReadout FirstReadout(int[] train)
    {
        if (!Own)
        {
            var (weight, bias) = ServedBatches.HeadRows(backbone, Task);
            return new FittedReadout(weight, bias);
        }
        FittedReadout fitted = null!;
        Charged(() =>
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var features = cat([.. train.Chunk(batchRows).Select(c => Activations(Cut.Pool, c))], 0);
            fitted = LogisticRegression.Fit(features, TargetsOf(train), Task.Loss);
        });
        return fitted;
    }

    private Lane AddLane(string name, int[] train, int[] held, int steps, FittedReadout start)
    {
        var fold = name != "final";
        var lane = new Lane
        {
            Settings = Settings, Task = Task, Pack = pack, Tenant = tenant, Train = train, Held = held, Steps = steps, EarlyStopping = held.Length > 0 && !fold,
            KeepSnapshots = fold || (held.Length > 0 && Refits && NetworkChange.Of(plan.Traits.Trains).Resumes), TrainsReadout = plan.TrainsReadout,
        };
        var group = groups(plan.Group(backbone));
        group.Add(lane, start.Weight, start.Bias);
        checkpoints.Restore(name, lane, group);
        _lanes.Add((name, lane, group));
        return lane;
    }

    private LaneGroup GroupOf(Lane lane) => _lanes.Single(l => l.Lane == lane).Group;

    /// <summary>Chooses the number of steps, and the refit's prior, by the pooled out-of-fold loss; the gate sees the same predictions.</summary>
    private IEnumerable<Turn> CrossValidate(Action<(Verdict? Chosen, GateDecision? Gate, HeldOut HeldOut)> decided)
    {
        var trains = plan.Folds.Select(f => plan.Examples.Except(f).ToArray()).ToArray();
        var references = trains.Select(FirstReadout).ToArray();
        var readouts = Scores.Of(plan.Folds.Select((fold, k) => ScoresOf(references[k], fold)));
        if (!plan.Stepped)
        {
            decided((null, null, readouts.HeldOut(plan.Folds.Count)));
            yield break;
        }
        var lanes = plan.Folds.Select((fold, k) => AddLane($"fold{k}", trains[k], fold, Settings.Steps, references[k])).ToArray();
        while (lanes.Any(l => l.Running)) yield return Turn.Waiting;
        foreach (var lane in lanes) Check(lane);
        List<Candidate> candidates = [];
        for (var point = 0; point < lanes[0].Snapshots.Count; point++)
        {
            var step = lanes[0].Snapshots[point].Step;
            if (Refits)
            {
                List<Scores> plain = [], scaled = [];
                foreach (var lane in lanes)
                {
                    foreach (var turn in Refit(lane, lane.Snapshots[point], lane.Train, (p, _, scores) => (p ? scaled : plain).Add(scores))) yield return turn;
                }
                if (plain.Count > 0) candidates.Add(new(step, false, Scores.Of(plain)));
                if (scaled.Count > 0) candidates.Add(new(step, true, Scores.Of(scaled)));
            }
            else
            {
                candidates.Add(new(step, false, Scores.Of(lanes.Select(l =>
                    new Scores(l.Snapshots[point].HeldOutLosses, l.Curve[point].HeldOutAccuracy * l.Held.Length)))));
            }
        }
        var untouched = readouts;
        if (!Refits)
        {
            List<Scores> starts = [];
            for (var k = 0; k < lanes.Length; k++)
            {
                foreach (var turn in EvaluateStart(lanes[k], references[k], starts.Add)) yield return turn;
            }
            untouched = Scores.Of(starts);
        }
        _asServed = candidates;
        var verdict = Candidate.OfFolds(untouched, Candidate.Least(candidates));
        var scores = verdict.Candidate.IsBase ? readouts : verdict.Candidate.Scores;
        decided((verdict, Decide(scores.Losses, readouts.Losses), scores.HeldOut(lanes.Length)));
    }

    /// <summary>The state of a lane that took the chosen steps on all examples.</summary>
    private IEnumerable<Turn> Finish(Lane lane, Candidate chosen, Action<TaskState> made)
    {
        FittedReadout? refit = null;
        if (Refits)
        {
            foreach (var turn in Refit(lane, null, lane.Train, (p, readout, _) => refit = p == chosen.Prior ? readout : refit, chosen.Prior)) yield return turn;
        }
        made(State(lane, GroupOf(lane), refit));
    }

    /// <summary>The best step of a lane with images held out, as it would be served, and its state; the base where no step is better.</summary>
    private IEnumerable<Turn> Choose(Lane lane, FittedReadout reference, Action<Verdict, TaskState> chosen)
    {
        var group = GroupOf(lane);
        if (!Refits)
        {
            Scores start = null!;
            foreach (var turn in EvaluateStart(lane, reference, s => start = s)) yield return turn;
            group.RestoreBest(lane);
            var reached = new Scores([lane.BestLoss], lane.BestAccuracy ?? 0);
            var verdict = Candidate.Compared(start, lane.BestStep == 0 ? null : new(lane.BestStep, false, reached));
            chosen(verdict, verdict.Candidate.IsBase ? State(reference) : State(lane, group, null));
            yield break;
        }
        var untouched = ScoresOf(reference, lane.Held);
        // The fits that compare steps see so many of the training images at most; the one that is served sees all.
        var sample = Spread(lane.Train, ComparedOn);
        List<Candidate> candidates = [];
        foreach (var snapshot in Snapshots(lane, group))
        {
            foreach (var turn in Refit(lane, snapshot, sample, (p, _, scores) => candidates.Add(new(snapshot.Step, p, scores)))) yield return turn;
        }
        _asServed = candidates;
        List<(Candidate Candidate, FittedReadout Readout)> whole = [];
        if (Candidate.Least(candidates)?.Step is { } step)
        {
            var best = Snapshots(lane, group).Single(s => s.Step == step);
            foreach (var turn in Refit(lane, best, lane.Train, (p, readout, scores) => whole.Add((new(step, p, scores), readout)))) yield return turn;
        }
        var served = Candidate.Compared(untouched, Candidate.Least(whole.Select(w => w.Candidate)));
        chosen(served, served.Candidate.IsBase ? State(reference) : State(lane, group, whole.Single(w => w.Candidate == served.Candidate).Readout));
    }

    /// <summary>How the lane does on its held-out images from where it started.</summary>
    private IEnumerable<Turn> EvaluateStart(Lane lane, FittedReadout start, Action<Scores> evaluated)
    {
        var group = GroupOf(lane);
        group.WriteStart(lane, start.Weight, start.Bias);
        foreach (var (_, losses, accuracy) in group.EvaluateAll([lane], l => l.Held))
        {
            if (losses is null) yield return Turn.Worked;
            else evaluated(new Scores(losses, accuracy * losses.Length));
        }
        Check(lane);
    }

    /// <summary>Parameters that may be served: of each evaluation where they are kept, and the best of all evaluations.</summary>
    private static LaneSnapshot[] Snapshots(Lane lane, LaneGroup group) => lane.BestStep == 0 || lane.Snapshots.Exists(s => s.Step == lane.BestStep)
        ? [.. lane.Snapshots]
        : [.. lane.Snapshots, new LaneSnapshot(lane.BestStep, [], group.Read(lane, Column.UBest), group.Read(lane, Column.VBest), group.Read(lane, Column.GBest))];

    private GateDecision? Decide(double[] version, double[] reference) => Settings.Gate == GatePolicy.Off ? null : Gate.Decide(version, reference);

    /// <summary>Curve of the lane with images held out, or the mean over the folds: a cross-validated trial has no images held out of its final run. Losses are those of what would be served.</summary>
    private EvaluationPoint[] Curve()
    {
        var lanes = _lanes.Select(l => l.Lane).Where(l => l.Curve.Count > 0).ToArray();
        if (lanes.Length == 0) return [];
        return
        [
            .. Enumerable.Range(0, lanes.Min(l => l.Curve.Count)).Select(i =>
            {
                var step = lanes[0].Curve[i].Step;
                var mean = new EvaluationPoint(step, lanes.Average(l => l.Curve[i].Loss), lanes.Average(l => l.Curve[i].HeldOutLoss), lanes.Average(l => l.Curve[i].HeldOutAccuracy));
                return Refits && _asServed.Where(c => c.Step == step).MinBy(c => c.Scores.Loss) is { } served
                    ? mean with { HeldOutLoss = served.Scores.Loss, HeldOutAccuracy = served.Scores.Accuracy }
                    : mean;
            }),
        ];
    }

    /// <summary>The refit (docs/method.md#readouts, step 3) of a lane's parameters: plain, with the decoder gain as prior variance, or both, as the settings ask for.</summary>
    /// <param name="lane">One that has ended.</param>
    /// <param name="parameters">Become the lane's; null: those that it has.</param>
    /// <param name="train">Images that the readout is fitted to.</param>
    /// <param name="fitted">Gets each fit: whether with the prior, the readout, and how it does on the held-out images.</param>
    /// <param name="only">With the prior or without, where that is known.</param>
    private IEnumerable<Turn> Refit(Lane lane, LaneSnapshot? parameters, int[] train, Action<bool, FittedReadout, Scores> fitted, bool? only = null)
    {
        var group = GroupOf(lane);
        if (parameters is not null)
        {
            group.Write(lane, Column.U, parameters.U);
            group.Write(lane, Column.V, parameters.V);
            group.Write(lane, Column.G, parameters.G);
        }
        float[,]? features = null;
        foreach (var part in group.Features(lane, [.. train, .. lane.Held])) { features = part; yield return Turn.Worked; }
        bool[] forms = (HasGain, Settings.Refit) switch
        {
            (false, _) or (_, ReadoutRefit.Plain) => [false],
            (_, ReadoutRefit.Prior) => [true],
            _ => only is { } known ? [known] : [false, true],
        };
        foreach (var prior in forms)
        {
            Charged(() =>
            {
                var (readout, scores) = FitAndMeasure(features!, train, lane.Held, prior ? PriorScale(group.Read(lane, Column.G)) : null);
                fitted(prior, readout, scores);
            });
            yield return Turn.Worked;
        }
    }

    private static int[] Spread(int[] images, int most) => images.Length <= most
        ? images
        : [.. Enumerable.Range(0, most).Select(i => images[(long)i * images.Length / most])];

    private static float[] PriorScale(float[] g) => [.. g.Select(x => MathF.Sqrt(MathF.Max(x, 0.02f)))];

    /// <param name="features">Rows of the training images, then of the held-out ones.</param>
    private (FittedReadout Readout, Scores Scores) FitAndMeasure(float[,] features, int[] train, int[] held, float[]? scale)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var all = tensor(features);
        var fitted = LogisticRegression.Fit(all.narrow(0, 0, train.Length), TargetsOf(train), Task.Loss, scale);
        return (fitted, held.Length == 0 ? new([], 0) : ScoresOf(fitted, all.narrow(0, train.Length, held.Length), held));
    }

    private Scores ScoresOf(FittedReadout readout, int[] images)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var features = cat([.. images.Chunk(batchRows).Select(c => Activations(Cut.Pool, c))], 0);
        return ScoresOf(readout, features.cpu(), images);
    }

    /// <param name="readout">A readout of raw features.</param>
    /// <param name="features">[n, D]</param>
    /// <param name="images">n of them.</param>
    private Scores ScoresOf(FittedReadout readout, Tensor features, int[] images)
    {
        // In float64: float32 products differ in the last bit with the place of their operands in memory.
        var x = features.to(ScalarType.Float64);
        var logits = x.matmul(tensor(readout.Weight, [Task.Outputs, x.shape[1]]).to(ScalarType.Float64).t()) + tensor(readout.Bias).to(ScalarType.Float64); // [n, K]
        var targets = TargetsOf(images).to(ScalarType.Float64);
        var losses = Task.Loss == LossKind.Classes
            ? -(nn.functional.log_softmax(logits, 1) * targets).sum(1)
            : (nn.functional.softplus(logits) - logits * targets).mean([1]);
        var right = Task.Loss == LossKind.Classes
            ? logits.argmax(1).eq(targets.argmax(1)).to(ScalarType.Float64)
            : (logits >= 0).eq(targets > 0.5).to(ScalarType.Float64).mean([1]);
        return new([.. losses.data<double>().ToArray()], right.sum().item<double>());
    }

    private Tensor TargetsOf(int[] images) => tensor([.. images.SelectMany(i => Targets.Of(Task, pack, i))], [images.Length, Task.Outputs]);

    private double[] Losses(List<float[]> probabilities, int[] images) => [.. probabilities.Select((row, i) => Loss(row, images[i]))];

    private double Loss(float[] probabilities, int image) => Targets.Of(Task, pack, image)
        .Zip(probabilities, (t, p) => t == 1 ? -Math.Log(Math.Max(p, 1e-12)) : Task.Loss == LossKind.Attributes ? -Math.Log(Math.Max(1 - p, 1e-12)) : 0)
        .Sum() / (Task.Loss == LossKind.Attributes ? Task.Outputs : 1);

    /// <summary>Predictions as they will be served, on images that need not be cached.</summary>
    private IEnumerable<Turn> Probabilities(IReadOnlyList<(ServedTask Task, List<float[]> Into)> served, int[] images, bool charge)
    {
        foreach (var (chunk, decoded) in DecodedBatch.Ahead(backbone.Spec, images.Select(At), ServedBatches.Rows))
        {
            using (decoded)
            {
                if (charge) Charged(Batch);
                else Batch();
            }
            yield return Turn.Worked;

            void Batch()
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                var pixels = decoded.Batch(backbone, [.. Enumerable.Range(0, chunk.Length)], ServedBatches.Rows);
                foreach (var sameCut in served.GroupBy(s => s.Task.Cut))
                {
                    var h = DeviceMemory.ByRows(ServedBatches.Rows, (from, count) => backbone.Prefix(pixels.narrow(0, from, count), sameCut.Key));
                    foreach (var (task, into) in sameCut) into.AddRange(ServedBatches.Probabilities(backbone, h, [.. Enumerable.Repeat(task, chunk.Length)]));
                }
            }
        }
    }

    private static ServedTask Served(TaskState state) => ServedTask.Of(state);

    private ClassificationMetrics Measure(List<float[]> probabilities, int[] images) => Task.Loss == LossKind.Classes
        ? ClassificationMetrics.OfClasses(probabilities, [.. images.Select(i => Targets.ClassOf(Task, pack, i))])
        : ClassificationMetrics.OfAttributes(probabilities, [.. images.Select(i => Targets.Of(Task, pack, i).Select(t => (int)t).ToArray())]);

    /// <param name="untrained">Probabilities of the images of early stopping.</param>
    /// <param name="test">Probabilities of the test images.</param>
    private Calibration Calibrate(List<float[]> untrained, List<float[]> test)
    {
        var temperature = TemperatureScaling.Fit(untrained, [.. plan.EarlyStopping.Select(i => Targets.Of(Task, pack, i))], Task.Loss);
        var scaled = Measure([.. test.Select(p => TemperatureScaling.Apply(p, temperature, Task.Loss).Select(x => (float)x).ToArray())], plan.Test);
        return new Calibration(temperature, scaled.Ece, scaled.Nll);
    }

    private TaskState State(Lane lane, LaneGroup group, FittedReadout? refit)
    {
        var state = State(refit ?? new FittedReadout(
            group.Read(lane, Column.W)[..(Task.Outputs * backbone.FeatureWidth)], group.Read(lane, Column.B)[..Task.Outputs]));
        state = plan.Traits.Trains == NetworkPart.Couplings
            ? state with
            {
                Channel = Couplings(lane.TrainsU, Column.U), Spatial = Couplings(lane.TrainsV, Column.V),
                GridHeight = group.Key.Slot.Network.VHeight, GridWidth = group.Key.Slot.Network.VWidth,
            }
            : state with { First = group.Read(lane, Column.U), Second = group.Read(lane, Column.V) };
        return state with
        {
            Profile = (profile with { BatchRows = group.BatchRows < batchRows ? group.BatchRows : profile.BatchRows }).ToString(),
            DecoderGain = group.Read(lane, Column.G),
            GainFolded = refit is not null,
        };

        float[] Couplings(bool trained, Column column)
        {
            var values = group.Read(lane, column);
            if (!trained) Array.Clear(values);
            return values;
        }
    }

    private TaskState State(FittedReadout readout) => new()
    {
        Task = Task, Settings = Settings, BackboneDigest = backbone.Digest, Profile = profile.ToString(),
        DecoderGain = [.. Enumerable.Repeat(1f, backbone.FeatureWidth)], Readout = readout.Weight, Bias = readout.Bias,
    };

    private int TrainedParameters(TaskState state, bool isBase) =>
        (plan.TrainsReadout ? state.Readout.Length + state.Bias.Length : 0)
        + (Settings.Granularity != Granularity.Spatial ? state.Channel.Length : 0)
        + (Settings.Granularity != Granularity.Channel ? state.Spatial.Length : 0)
        + state.First.Length + state.Second.Length
        + (plan.Traits.Gain == GainSource.Gradient && !isBase ? state.DecoderGain.Length : 0);

    private void Check(Lane lane)
    {
        if (lane.Error is { } error) ExceptionDispatchInfo.Throw(error);
        if (lane.Failure is { } failure)
            throw new AdaptationDivergedException($"{Settings.Method} with seed {Settings.Seed} diverged: {failure}.");
    }

    private void Charged(Action work)
    {
        var start = time.GetTimestamp();
        work();
        _deviceSeconds += time.GetElapsedTime(start).TotalSeconds;
    }
}
