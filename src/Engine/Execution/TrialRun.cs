using System.Runtime.ExceptionServices;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// One trial from its images to its result, as a coroutine of the device thread: prefix, first readout, lanes, choice of steps, refit, gate, test.
/// </summary>
internal sealed class TrialRun(
    TrialPlan plan, string tenant, DatasetPack pack, Backbone backbone, ActivationCache activations, ExecutionProfile profile, int batchRows, TimeProvider time,
    Func<GroupKey, LaneGroup> groups, LaneCheckpoints checkpoints)
{
    private readonly List<(string Name, Lane Lane, LaneGroup Group)> _lanes = [];
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

        var (steps, prior, gate, heldOut) = new Validation(Settings.Steps, false, null, null);
        if (plan.Folds.Count > 0)
        {
            foreach (var turn in CrossValidate(v => (steps, prior, gate, heldOut) = v)) yield return turn;
        }
        var whole = plan.Folds.Count > 0;
        int[] train = whole ? plan.Examples : plan.Train, held = whole ? [] : plan.EarlyStopping;

        var reference = FirstReadout(train);
        TaskState state;
        Lane? lane = null;
        if (plan.Stepped)
        {
            lane = AddLane("final", train, held, steps, reference, keepSnapshots: false);
            while (lane.Running) yield return Turn.Waiting;
            var group = _lanes[^1].Group;
            Check(lane);
            if (lane.EarlyStopping) group.RestoreBest(lane);
            FittedReadout? refit = null;
            if (Refits)
            {
                float[,]? features = null;
                foreach (var part in group.Features(lane, [.. train, .. held])) { features = part; yield return Turn.Worked; }
                refit = Refit(features!, train, held, group.Read(lane, Column.G), whole ? prior : null);
            }
            state = State(lane, group, refit);
        }
        else state = State(reference);

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
        Result = new TrialResult(
            state, Settings,
            new TrialMetrics(test, baseTest, lane is { EarlyStopping: true } ? lane.BestLoss : null, lane is { EarlyStopping: true } ? lane.BestAccuracy : null, calibrated),
            lane is null ? [] : lane.Curve.Count > 0 ? lane.Curve : MeanCurve([.. _lanes.Select(l => l.Lane).Where(l => l.KeepSnapshots)]), plan.Examples.Length, lane is null ? 0 : lane.EarlyStopping ? lane.BestStep : steps, TrainedParameters(state),
            _deviceSeconds + _lanes.Sum(l => l.Lane.DeviceSeconds), gate, plan.Cut.ToString()) { HeldOut = heldOut };
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

    private Lane AddLane(string name, int[] train, int[] held, int steps, FittedReadout start, bool keepSnapshots)
    {
        var lane = new Lane
        {
            Settings = Settings, Task = Task, Pack = pack, Tenant = tenant, Train = train, Held = held, Steps = steps, EarlyStopping = held.Length > 0 && !keepSnapshots,
            KeepSnapshots = keepSnapshots, TrainsReadout = plan.TrainsReadout,
        };
        var group = groups(GroupKey.Of(backbone, plan));
        group.Add(lane, start.Weight, start.Bias);
        checkpoints.Restore(name, lane, group);
        _lanes.Add((name, lane, group));
        return lane;
    }

    /// <summary>Chooses the number of steps, and the refit's prior, by the pooled out-of-fold loss; the gate sees the same predictions.</summary>
    private IEnumerable<Turn> CrossValidate(Action<Validation> chosen)
    {
        var trains = plan.Folds.Select(f => plan.Examples.Except(f).ToArray()).ToArray();
        var references = trains.Select(FirstReadout).ToArray();
        var readouts = Scores.Of(plan.Folds.Select((fold, k) => ScoresOf(references[k], fold)));
        if (!plan.Stepped)
        {
            chosen(new(0, false, null, readouts.HeldOut(plan.Folds.Count)));
            yield break;
        }
        var lanes = plan.Folds.Select((fold, k) => AddLane($"fold{k}", trains[k], fold, Settings.Steps, references[k], keepSnapshots: true)).ToArray();
        while (lanes.Any(l => l.Running)) yield return Turn.Waiting;
        foreach (var lane in lanes) Check(lane);

        var points = lanes[0].Snapshots.Count;
        double[] Pooled(int point) => [.. lanes.SelectMany(l => l.Snapshots[point].HeldOutLosses)];
        var best = Enumerable.Range(0, points).MinBy(p => Pooled(p).Average());
        var steps = lanes[0].Snapshots[best].Step;
        if (!Refits)
        {
            var pooled = new Scores(Pooled(best), lanes.Sum(l => l.Curve[best].HeldOutAccuracy * l.Held.Length));
            chosen(new(steps, false, Decide(pooled.Losses, readouts.Losses), pooled.HeldOut(lanes.Length)));
            yield break;
        }
        List<Scores> plain = [], scaled = [];
        for (var k = 0; k < lanes.Length; k++)
        {
            var (lane, group) = (lanes[k], _lanes.Single(l => l.Lane == lanes[k]).Group);
            var snapshot = lane.Snapshots[best];
            group.Write(lane, Column.U, snapshot.U);
            group.Write(lane, Column.V, snapshot.V);
            group.Write(lane, Column.G, snapshot.G);
            float[,]? features = null;
            foreach (var part in group.Features(lane, [.. trains[k], .. plan.Folds[k]])) { features = part; yield return Turn.Worked; }
            Charged(() =>
            {
                plain.Add(FitAndMeasure(features!, trains[k], plan.Folds[k], null).Scores);
                if (HasGain) scaled.Add(FitAndMeasure(features!, trains[k], plan.Folds[k], PriorScale(snapshot.G)).Scores);
            });
        }
        var (without, with) = (Scores.Of(plain), Scores.Of(scaled));
        var prior = HasGain && Settings.Refit switch
        {
            ReadoutRefit.Plain => false,
            ReadoutRefit.Prior => true,
            _ => with.Losses.Average() < without.Losses.Average(),
        };
        var refitted = prior ? with : without;
        chosen(new(steps, prior, Decide(refitted.Losses, readouts.Losses), refitted.HeldOut(lanes.Length)));
    }

    private GateDecision? Decide(double[] version, double[] reference) => Settings.Gate == GatePolicy.Off ? null : Gate.Decide(version, reference);

    /// <summary>A cross-validated trial has no images held out of its final run: its curve is the mean over the folds.</summary>
    private static List<EvaluationPoint> MeanCurve(Lane[] folds) => folds.Length == 0 ? [] :
    [
        .. Enumerable.Range(0, folds.Min(f => f.Curve.Count)).Select(i => new EvaluationPoint(
            folds[0].Curve[i].Step, folds.Average(f => f.Curve[i].Loss), folds.Average(f => f.Curve[i].HeldOutLoss), folds.Average(f => f.Curve[i].HeldOutAccuracy))),
    ];

    /// <summary>The refit (docs/method.md#readouts, step 3): plain, or with the decoder gain as prior variance, whichever is better on held-out images.</summary>
    private FittedReadout Refit(float[,] features, int[] train, int[] held, float[] g, bool? prior)
    {
        FittedReadout best = null!;
        Charged(() =>
        {
            bool[] choices = (HasGain, Settings.Refit) switch
            {
                (false, _) or (_, ReadoutRefit.Plain) => [false],
                (_, ReadoutRefit.Prior) => [true],
                _ => prior is { } known ? [known] : [false, true],
            };
            var fits = choices.Select(p => FitAndMeasure(features, train, held, p ? PriorScale(g) : null)).ToArray();
            best = fits.MinBy(f => f.Scores.Losses.Length == 0 ? 0 : f.Scores.Losses.Average()).Readout;
        });
        return best;
    }

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

    /// <param name="readout">Of raw features.</param>
    /// <param name="features">[n, D]</param>
    /// <param name="images">n of them.</param>
    private Scores ScoresOf(FittedReadout readout, Tensor features, int[] images)
    {
        var logits = features.matmul(tensor(readout.Weight, [Task.Outputs, features.shape[1]]).t()) + tensor(readout.Bias); // [n, K]
        var targets = TargetsOf(images);
        var losses = Task.Loss == LossKind.Classes
            ? -(nn.functional.log_softmax(logits, 1) * targets).sum(1)
            : (nn.functional.softplus(logits) - logits * targets).mean([1]);
        var right = Task.Loss == LossKind.Classes
            ? logits.argmax(1).eq(targets.argmax(1))
            : (logits >= 0).eq(targets > 0.5).to(ScalarType.Float64).mean([1]);
        return new([.. losses.to(ScalarType.Float64).data<double>().ToArray()], right.to(ScalarType.Float64).sum().item<double>());
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

    /// <param name="untrained">Of the images of early stopping.</param>
    /// <param name="test">Of the test images.</param>
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

    private int TrainedParameters(TaskState state) =>
        (plan.TrainsReadout ? state.Readout.Length + state.Bias.Length : 0)
        + (Settings.Granularity != Granularity.Spatial ? state.Channel.Length : 0)
        + (Settings.Granularity != Granularity.Channel ? state.Spatial.Length : 0)
        + state.First.Length + state.Second.Length
        + (plan.Traits.Gain == GainSource.Gradient ? state.DecoderGain.Length : 0);

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

    /// <summary>What cross-validation found.</summary>
    private sealed record Validation(int Steps, bool Prior, GateDecision? Gate, HeldOut? HeldOut);

    /// <param name="Losses">Negative log-likelihood of each image.</param>
    /// <param name="Right">Images that are right; of attributes the sum of the images' shares.</param>
    private sealed record Scores(double[] Losses, double Right)
    {
        public static Scores Of(IEnumerable<Scores> folds) => folds.Aggregate(new Scores([], 0), (all, fold) => new([.. all.Losses, .. fold.Losses], all.Right + fold.Right));

        public HeldOut HeldOut(int folds) => new(folds, Losses, Right / Losses.Length);
    }
}
