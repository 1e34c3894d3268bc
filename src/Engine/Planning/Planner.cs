using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// Makes a plan: passes of the network on the device thread, scores on the host, in turns. What it looks at is bounded, so that it takes seconds: images, and for gradients and steps a
/// number of operations. A pure function of its work and seed, but for the seconds.
/// </summary>
/// <param name="device">Runs pieces on the device thread; device-seconds.</param>
internal sealed class Planner(
    BackboneSummary backbone, PlanWork work, ExecutionProfile profile, TimeProvider time, Func<Func<Backbone, ActivationCache, IEnumerable<object?>>, Task<double>> device)
{
    /// <summary>Multiply-adds that gradients, steps and amplitudes may take together, where at least <see cref="LeastStepImages"/> images are looked at.</summary>
    private const double MostOperations = 2e12;

    /// <summary>Bound of |c mu| of a probe step, e-fold in gain: a quadratic model says nothing of what lies far beyond.</summary>
    private const double LongestStep = 1;

    /// <summary>Nats that the noise's effect is compared with at least, where next to no loss is left.</summary>
    private const double LeastLoss = 0.01;

    private const int LeastStepImages = 64, MostStepImages = 256, MostNoiseImages = 128;

    private readonly PassTimes _times = new();
    private double _seconds;

    /// <exception cref="InputException">settings-invalid, backbone-cut, examples-too-few, task-one-class, plan-too-many-outputs, image-unreadable.</exception>
    public async Task<TaskPlan> Run(CancellationToken cancellation)
    {
        var (spec, task, settings) = (backbone.Spec, work.Task, work.Settings);
        settings.Validate();
        if (work.Images is < 16 or > PlanWork.MostImages) throw new InputException("settings-invalid", $"The setting images is {work.Images}; choose 16 to {PlanWork.MostImages}.");
        if (!(work.LossBound is > 0 and <= 1)) throw new InputException("settings-invalid", $"The setting lossBound is {work.LossBound}; choose above 0 and at most 1.");
        var sample = PlanSample.Of(work);
        var examples = Math.Min(sample.Available, settings.Examples ?? int.MaxValue);
        var cuts = PlanPasses.CutsOf(spec);
        _ = PlanCosts.Trials(spec, work, cuts[0]); // what the adaptation itself would refuse is refused now

        // Frozen features at every cut.
        float[][,] features = [.. cuts.Select(c => new float[sample.Images.Count, PlanPasses.CouplingsAt(spec, c, settings).C])];
        FittedReadout? headRows = null;
        await Device(sample, passes => passes.Features(features), (b, _) => headRows = task.Mode == ReadoutMode.Head ? HeadOf(b) : null);
        CutFeatures[] frozen = [.. features.Select(f => CutFeatures.Of(f, sample, cancellation))];
        var fitting = time.GetTimestamp();
        var curve = CurveOf(LearningCurve.Of(features[^1], sample.Classes, sample.Folds, sample.Targets, task.Loss, cancellation), examples);
        var fitSeconds = time.GetElapsedTime(fitting).TotalSeconds / (sample.Folds.Count * curve.Sizes.Count);
        Interval? head = headRows is null ? null : Bootstrap.Mean([.. Enumerable.Range(0, sample.Images.Count).Select(i => Outcome(features[^1], i, headRows).Right)]);

        // One step of couplings at every cut, each fold's from the other folds' images and with a readout that has not seen it.
        // Thinned folds keep their places: readout k was fitted outside of fold k, and so outside of its thinned part.
        var stepFolds = sample.Thinned(StepImages(spec, cuts.Length), settings.Seed);
        int[] stepRows = [.. stepFolds.SelectMany(f => f)];
        var readouts = Temperature.Calibrated(features[^1], stepFolds, headRows is null ? frozen[^1].Readouts : [.. stepFolds.Select(_ => headRows)], sample.Targets, task.Loss);
        var start = Outcomes(features[^1], stepFolds);
        float[][,] gradients = [.. cuts.Select(c => new float[sample.Images.Count, Couplings(c)])];
        await Device(sample, passes => passes.Gradients(stepFolds, readouts, gradients));
        StepSignal[] signals = [.. gradients.Select(g => GradientStep.Of(g, [.. start.Select(o => o.Curvature)], stepFolds, settings.Penalty, Math.Min(settings.Cap, LongestStep) / Math.Abs(settings.Mu)))];
        cancellation.ThrowIfCancellationRequested();
        Trial[] steps = [.. signals.Select((s, cut) => TrialOf(sample, cut, s.Steps, settings.Mu))];
        await Device(sample, passes => passes.Run(stepFolds, steps));
        var ends = steps.Select(s => Outcomes(s.Features, stepFolds)).ToArray();
        var scored = cuts.Select((cut, i) => new CutPlan
        {
            Cut = cut,
            Rank = 0,
            LogMe = frozen[i].LogMe,
            HScore = frozen[i].HScore,
            Probe = frozen[i].Probe,
            Promised = new Interval(signals[i].Decrease, signals[i].Decrease - 1.96 * signals[i].StandardError, signals[i].Decrease + 1.96 * signals[i].StandardError),
            Measured = Mean(r => start[r].Loss - ends[i][r].Loss),
            Accuracy = Mean(r => ends[i][r].Right),
            Gained = Mean(r => ends[i][r].Right - start[r].Right),
            PrefixBytes = 0,
        }).ToArray();
        var best = PlanAdvice.Cut(scored, spec.Resolve(Backbones.Cut.Parse(settings.Cut)));
        int[] order = [best, .. scored.Select((_, i) => i).Where(i => i != best).OrderByDescending(i => scored[i].Measured.Value)];

        var sigma = await Scan(sample, best, signals[best], readouts, start, cancellation);
        var (readoutTrial, comodulationTrial) = PlanCosts.Trials(spec, work, cuts[best]);
        (long Bytes, (Cut, int)[] Missing) readoutNeeds = default, comodulationNeeds = default;
        await Device(sample, _ => [], (b, activations) =>
        {
            readoutNeeds = PlanCosts.Needs(activations, b, work, readoutTrial);
            comodulationNeeds = PlanCosts.Needs(activations, b, work, comodulationTrial);
            scored = [.. scored.Select(c => c with { PrefixBytes = ActivationCache.ItemBytes(b, c.Cut), Rank = Array.IndexOf(order, Array.IndexOf(cuts, c.Cut)) + 1 })];
        });
        var chance = Chance(sample);
        return new TaskPlan
        {
            Examples = examples,
            Images = sample.Images.Count,
            StepImages = stepRows.Length,
            HeadAccuracy = head,
            ChanceAccuracy = chance,
            Cuts = scored,
            Sigma = sigma,
            Curve = curve,
            Costs = Costs(),
            Recommendation = PlanAdvice.Recommend(work, scored, sigma, curve, head, chance),
            Warnings = PlanAdvice.Warnings(work, sample, spec.Classes, examples, curve, head),
            DeviceSeconds = _seconds,
        };

        TrialOutcome Outcome(float[,] of, int row, FittedReadout readout) => ReadoutRows.Outcome(of, row, readout, sample.Targets[row], task.Loss);

        TrialOutcome[] Outcomes(float[,] of, IReadOnlyList<int[]> folds) => ReadoutRows.Outcomes(of, folds, readouts, sample.Targets, task.Loss);

        Interval Mean(Func<int, double> ofRow) => Bootstrap.Mean([.. stepRows.Select(ofRow)]);

        FittedReadout HeadOf(Backbone b)
        {
            var (weight, bias) = ServedBatches.HeadRows(b, task);
            return new FittedReadout(weight, bias);
        }

        IReadOnlyList<CostPlan> Costs()
        {
            var model = new CostModel(spec, _times.Forward, _times.ForwardAndBackward, _times.Suffix(best), fitSeconds, profile.BatchRows);
            var begin = head?.Value ?? chance;
            var readout = Cost(PlannedMethod.Readout, readoutTrial, readoutNeeds, curve.Expected, "learning curve of a readout fitted to the frozen features");
            var comodulation = Cost(PlannedMethod.Comodulation, comodulationTrial, comodulationNeeds, scored[best].Accuracy,
                $"measured after one cross-validated step of couplings at {cuts[best]}; what its {settings.Steps} steps reach is not known before they run");
            var full = model.Full(comodulationTrial);
            return
            [
                readout, comodulation,
                new CostPlan
                {
                    Method = PlannedMethod.Full, DeviceSeconds = full, PrefixBytes = 0, PrefixMissing = 0, StateBytes = backbone.Parameters * sizeof(float), TrainedParameters = backbone.Parameters,
                    Accuracy = null, Basis = PlanCosts.BasisOfFull(begin, full, comodulation), PointsPerSecond = null,
                },
            ];

            CostPlan Cost(PlannedMethod method, TrialPlan trial, (long Bytes, (Cut, int)[] Missing) needs, Interval accuracy, string basis)
            {
                var (bytes, parameters) = PlanCosts.State(spec, trial, profile.ToString(), backbone.Digest);
                var seconds = model.Fill(needs.Missing) + model.Fits(trial) + model.Steps(trial);
                return new CostPlan
                {
                    Method = method, DeviceSeconds = seconds, PrefixBytes = needs.Bytes, PrefixMissing = needs.Missing.Max(m => m.Item2), StateBytes = bytes, TrainedParameters = parameters,
                    Accuracy = accuracy, Basis = basis, PointsPerSecond = PlanCosts.PointsPerSecond(accuracy, begin, seconds),
                };
            }
        }
    }

    /// <summary>Amplitudes from small to large, until one is no longer safe.</summary>
    private async Task<SigmaPlan> Scan(PlanSample sample, int cut, StepSignal signal, IReadOnlyList<FittedReadout> readouts, TrialOutcome[] start, CancellationToken cancellation)
    {
        var (mu, folds) = (work.Settings.Mu, sample.Thinned(Math.Min(MostNoiseImages, StepImages(backbone.Spec, backbone.Cuts.Count - 1)), work.Settings.Seed));
        int[] rows = [.. folds.SelectMany(f => f)];
        var quiet = TrialOf(sample, cut, signal.Steps, mu);
        await Device(sample, passes => passes.Run(folds, [quiet]));
        double loss = Loss(quiet), unit = Math.Max(LeastLoss, rows.Average(r => start[r].Loss));
        var points = new List<SigmaPoint>();
        foreach (var sigma in SigmaScan.Tried)
        {
            cancellation.ThrowIfCancellationRequested();
            Trial[] nodes = [.. SigmaScan.OffCentre.Select(n => TrialOf(sample, cut, signal.Steps, mu + sigma * n.At))];
            await Device(sample, passes => passes.Run(folds, nodes));
            var expected = SigmaScan.Expected(loss, [.. nodes.Select(Loss)]);
            points.Add(new SigmaPoint(sigma, expected, (expected - loss) / unit, SigmaScan.Explained(quiet.Features, [.. nodes.Select(n => n.Features)], rows)));
            if (!(points[^1].Raised <= work.LossBound)) break; // also where the loss overflows to no number
        }
        var (safe, explained, limited) = SigmaScan.Safe(points, work.LossBound);
        return new SigmaPlan
        {
            Cut = PlanPasses.CutsOf(backbone.Spec)[cut], Bound = work.LossBound, Safe = safe, Limited = limited, Explained = explained, Points = points,
            LargestCoupling = signal.Steps.Max(s => s.Max(Math.Abs)),
        };

        double Loss(Trial trial)
        {
            var outcomes = ReadoutRows.Outcomes(trial.Features, folds, readouts, sample.Targets, work.Task.Loss);
            return rows.Average(r => outcomes[r].Loss);
        }
    }

    private Trial TrialOf(PlanSample sample, int cut, IReadOnlyList<float[]> couplings, double modulator) =>
        new(cut, couplings, modulator) { Features = new float[sample.Images.Count, backbone.FeatureWidth] };

    private async Task Device(PlanSample sample, Func<PlanPasses, IEnumerable<object?>> passes, Action<Backbone, ActivationCache>? also = null) => _seconds += await device((b, activations) =>
    {
        also?.Invoke(b, activations);
        return passes(new PlanPasses(b, sample, work.Settings, profile.BatchRows, time, _times));
    });

    private int Couplings(Cut cut)
    {
        var (c, h, w) = PlanPasses.CouplingsAt(backbone.Spec, cut, work.Settings);
        return c + h * w;
    }

    private static int StepImages(BackboneSpec spec, int cuts)
    {
        // Forward and backward once, a suffix of half the network at each cut, and all amplitudes from one cut on.
        var passes = 3 + cuts / 2.0 + 1 + (SigmaScan.Tried.Count * SigmaScan.OffCentre.Count + 1) / 2.0;
        return (int)Math.Clamp(MostOperations / (passes * OperationCount.Whole(spec)), LeastStepImages, MostStepImages);
    }

    private static CurvePlan CurveOf(LearningCurve curve, int examples) => new(curve.Sizes, curve.Exponent, curve.At(examples), curve.At(2 * examples));

    private static double Chance(PlanSample sample) => sample.Loss == LossKind.Classes
        ? sample.Classes.CountBy(c => c).Max(c => c.Value) / (double)sample.Classes.Length
        : Enumerable.Range(0, sample.Outputs).Average(k => sample.Targets.Average(t => t[k]) is var share ? Math.Max(share, 1 - share) : 0);
}
