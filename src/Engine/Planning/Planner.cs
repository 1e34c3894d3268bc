using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// Makes a plan: passes of the network on the device thread, scores on the host, in turns. What it looks at is bounded,
/// so that it takes seconds: images, and for gradients and steps a number of operations. A pure function of its work
/// and seed, but for the seconds.
/// </summary>
/// <param name="device">Runs pieces on the device thread; device-seconds.</param>
internal sealed class Planner(
    BackboneSummary backbone,
    PlanWork work,
    ExecutionProfile profile,
    TimeProvider time,
    Func<Func<Backbone, ActivationCache, IEnumerable<object?>>, Task<double>> device
)
{
    /// <summary>
    /// Multiply-adds that gradients, steps and amplitudes may take together, where at least
    /// <see cref="LeastStepImages"/> images are looked at.
    /// </summary>
    private const double MostOperations = 2e12;

    /// <summary>
    /// Bound of |c mu| of a probe step, e-fold in gain: a quadratic model says nothing of what lies far beyond.
    /// </summary>
    private const double LongestStep = 1;

    /// <summary>Nats that the noise's effect is compared with at least, where next to no loss is left.</summary>
    private const double LeastLoss = 0.01;

    private const int LeastStepImages = 64,
        MostStepImages = 256,
        MostNoiseImages = 128;

    private readonly PassTimes _times = new();
    private double _seconds;

    /// <exception cref="InputException">settings-invalid, backbone-cut, examples-too-few, task-one-class,
    /// plan-too-many-outputs, image-unreadable.</exception>
    public async Task<TaskPlan> Run(CancellationToken cancellation)
    {
        var (spec, settings, cuts) = (backbone.Spec, work.Settings, PlanPasses.CutsOf(backbone.Spec));
        Validate();
        var sample = PlanSample.Of(work);
        var examples = Math.Min(sample.Available, settings.Examples ?? int.MaxValue);
        _ = PlanCosts.Trials(spec, work, cuts[0]); // what the adaptation itself would refuse is refused now

        var frozen = await LookAtFrozen(sample, cuts, examples, cancellation);
        var step = await LookAtSteps(sample, cuts, frozen, cancellation);
        var best = PlanAdvice.Cut(step.Cuts, TaskLayers.Modulated(spec, settings)[0]);
        var sigma = await Scan(sample, best, step, cancellation);
        var costs = new PlannedCosts(backbone, work, profile, cuts[best]);
        CutPlan[] ranked = [];
        await Device(
            sample,
            _ => [],
            (b, activations) =>
            {
                costs.LookAt(activations, b);
                ranked = Ranked(step.Cuts, best, b);
            }
        );
        var chance = sample.Loss.Chance(sample.Targets);
        var model = new CostModel(
            spec,
            _times.Forward,
            _times.ForwardAndBackward,
            _times.Suffix(best),
            frozen.FitSeconds,
            profile.BatchRows
        );
        return new TaskPlan
        {
            Examples = examples,
            Images = sample.Images.Count,
            StepImages = step.Images,
            HeadAccuracy = frozen.Head,
            ChanceAccuracy = chance,
            Cuts = ranked,
            Sigma = sigma,
            Curve = frozen.Curve,
            Costs = costs.Of(model, frozen.Head?.Value ?? chance, frozen.Curve.Expected, ranked[best].Accuracy),
            Recommendation = PlanAdvice.Recommend(work, ranked, sigma, frozen.Curve, frozen.Head, chance),
            Warnings = PlanAdvice.Warnings(
                work,
                sample,
                work.HeadClasses ?? spec.Classes,
                examples,
                frozen.Curve,
                frozen.Head
            ),
            DeviceSeconds = _seconds,
        };
    }

    private void Validate()
    {
        work.Settings.Validate();
        if (work.Images is < 16 or > PlanWork.MostImages)
            throw new InputException(
                "settings-invalid",
                $"The setting images is {work.Images}; choose 16 to {PlanWork.MostImages}."
            );
        if (!(work.LossBound is > 0 and <= 1))
            throw new InputException(
                "settings-invalid",
                $"The setting lossBound is {work.LossBound}; choose above 0 and at most 1."
            );
    }

    /// <summary>Frozen features at every cut.</summary>
    private async Task<FrozenLook> LookAtFrozen(
        PlanSample sample,
        Cut[] cuts,
        int examples,
        CancellationToken cancellation
    )
    {
        float[][,] features =
        [
            .. cuts.Select(c =>
                new float[sample.Images.Count, PlanPasses.CouplingsAt(backbone.Spec, c, work.Settings).C]
            ),
        ];
        FittedReadout? headRows = null;
        await Device(
            sample,
            passes => passes.Features(features),
            (b, _) => headRows = work.Task.Mode == ReadoutMode.Head ? HeadOf(b) : null
        );
        var scores = await HostThread.Run(() =>
            features.Select(f => CutFeatures.Of(f, sample, cancellation)).ToArray()
        );
        var fitting = time.GetTimestamp();
        var curve = CurveOf(
            await HostThread.Run(() =>
                LearningCurve.Of(
                    features[^1],
                    sample.Classes,
                    sample.Folds,
                    sample.Targets,
                    work.Task.ReadoutLoss,
                    cancellation
                )
            ),
            examples
        );
        var fitSeconds = time.GetElapsedTime(fitting).TotalSeconds / (sample.Folds.Count * curve.Sizes.Count);
        Interval? head = headRows is null
            ? null
            : Bootstrap.Mean([
                .. Enumerable
                    .Range(0, sample.Images.Count)
                    .Select(i =>
                        ReadoutRows.Outcome(features[^1], i, headRows, sample.Targets[i], work.Task.ReadoutLoss).Right
                    ),
            ]);
        return new FrozenLook(features[^1], scores, headRows, head, curve, fitSeconds);

        FittedReadout HeadOf(Backbone b)
        {
            var (weight, bias) = ServedBatches.HeadRows(b, work.Task);
            return new FittedReadout(weight, bias);
        }
    }

    /// <summary>
    /// One step of couplings at every cut, each fold's from the other folds' images and with a readout that has not
    /// seen it.
    /// </summary>
    private async Task<StepLook> LookAtSteps(
        PlanSample sample,
        Cut[] cuts,
        FrozenLook frozen,
        CancellationToken cancellation
    )
    {
        var (settings, loss) = (work.Settings, work.Task.ReadoutLoss);
        // Thinned folds keep their places: readout k was fitted outside of fold k, and so outside of its thinned part.
        var folds = sample.Thinned(StepImages(backbone.Spec, cuts.Length), settings.Seed);
        int[] rows = [.. folds.SelectMany(f => f)];
        var readouts = Temperature.Calibrated(
            frozen.Features,
            folds,
            frozen.HeadRows is { } head ? [.. folds.Select(_ => head)] : frozen.Cuts[^1].Readouts,
            sample.Targets,
            loss
        );
        var start = Outcomes(frozen.Features);
        float[][,] gradients = [.. cuts.Select(c => new float[sample.Images.Count, Couplings(c)])];
        await Device(sample, passes => passes.Gradients(folds, readouts, gradients));
        var longest = Math.Min(settings.Cap, LongestStep) / Math.Abs(settings.Mu);
        var signals = await HostThread.Run(() =>
            gradients
                .Select(g => GradientStep.Of(g, [.. start.Select(o => o.Curvature)], folds, settings.Penalty, longest))
                .ToArray()
        );
        cancellation.ThrowIfCancellationRequested();
        Trial[] steps = [.. signals.Select((s, cut) => TrialOf(sample, cut, s.Steps, settings.Mu))];
        await Device(sample, passes => passes.Run(folds, steps));
        var ends = steps.Select(s => Outcomes(s.Features)).ToArray();
        return new StepLook(
            rows.Length,
            readouts,
            start,
            signals,
            [
                .. cuts.Select(
                    (cut, i) =>
                        new CutPlan
                        {
                            Cut = cut,
                            Rank = 0,
                            LogMe = frozen.Cuts[i].LogMe,
                            HScore = frozen.Cuts[i].HScore,
                            Probe = frozen.Cuts[i].Probe,
                            Promised = new Interval(
                                signals[i].Decrease,
                                signals[i].Decrease - 1.96 * signals[i].StandardError,
                                signals[i].Decrease + 1.96 * signals[i].StandardError
                            ),
                            Measured = Mean(r => start[r].Loss - ends[i][r].Loss),
                            Accuracy = Mean(r => ends[i][r].Right),
                            Gained = Mean(r => ends[i][r].Right - start[r].Right),
                            PrefixBytes = 0,
                        }
                ),
            ]
        );

        TrialOutcome[] Outcomes(float[,] of) => ReadoutRows.Outcomes(of, folds, readouts, sample.Targets, loss);

        Interval Mean(Func<int, double> ofRow) => Bootstrap.Mean([.. rows.Select(ofRow)]);
    }

    /// <summary>The best cut first, the others by what their step brought.</summary>
    private static CutPlan[] Ranked(CutPlan[] cuts, int best, Backbone resident)
    {
        int[] order =
        [
            best,
            .. Enumerable.Range(0, cuts.Length).Where(i => i != best).OrderByDescending(i => cuts[i].Measured.Value),
        ];
        return
        [
            .. cuts.Select(
                (c, i) =>
                    c with
                    {
                        PrefixBytes = ActivationCache.ItemBytes(resident, c.Cut),
                        Rank = Array.IndexOf(order, i) + 1,
                    }
            ),
        ];
    }

    /// <summary>Amplitudes from small to large, until one is no longer safe.</summary>
    private async Task<SigmaPlan> Scan(PlanSample sample, int cut, StepLook step, CancellationToken cancellation)
    {
        var (signal, readouts, start) = (step.Signals[cut], step.Readouts, step.Start);
        var (mu, folds) = (
            work.Settings.Mu,
            sample.Thinned(
                Math.Min(MostNoiseImages, StepImages(backbone.Spec, backbone.Cuts.Count - 1)),
                work.Settings.Seed
            )
        );
        int[] rows = [.. folds.SelectMany(f => f)];
        var quiet = TrialOf(sample, cut, signal.Steps, mu);
        await Device(sample, passes => passes.Run(folds, [quiet]));
        double loss = Loss(quiet),
            unit = Math.Max(LeastLoss, rows.Average(r => start[r].Loss));
        var points = new List<SigmaPoint>();
        foreach (var sigma in SigmaScan.Tried)
        {
            cancellation.ThrowIfCancellationRequested();
            Trial[] nodes = [.. SigmaScan.OffCentre.Select(n => TrialOf(sample, cut, signal.Steps, mu + sigma * n.At))];
            await Device(sample, passes => passes.Run(folds, nodes));
            var expected = SigmaScan.Expected(loss, [.. nodes.Select(Loss)]);
            points.Add(
                new SigmaPoint(
                    sigma,
                    expected,
                    (expected - loss) / unit,
                    SigmaScan.Explained(quiet.Features, [.. nodes.Select(n => n.Features)], rows)
                )
            );
            if (!(points[^1].Raised <= work.LossBound))
                break; // also where the loss overflows to no number
        }
        var (safe, explained, limited) = SigmaScan.Safe(points, work.LossBound);
        return new SigmaPlan
        {
            Cut = PlanPasses.CutsOf(backbone.Spec)[cut],
            Bound = work.LossBound,
            Safe = safe,
            Limited = limited,
            Explained = explained,
            Points = points,
            LargestCoupling = signal.Steps.Max(s => s.Max(Math.Abs)),
        };

        double Loss(Trial trial)
        {
            var outcomes = ReadoutRows.Outcomes(trial.Features, folds, readouts, sample.Targets, work.Task.ReadoutLoss);
            return rows.Average(r => outcomes[r].Loss);
        }
    }

    private Trial TrialOf(PlanSample sample, int cut, IReadOnlyList<float[]> couplings, double modulator) =>
        new(cut, couplings, modulator) { Features = new float[sample.Images.Count, backbone.FeatureWidth] };

    private async Task Device(
        PlanSample sample,
        Func<PlanPasses, IEnumerable<object?>> passes,
        Action<Backbone, ActivationCache>? also = null
    ) =>
        _seconds += await device(
            (b, activations) =>
            {
                also?.Invoke(b, activations);
                return passes(new PlanPasses(b, sample, work.Settings, profile.BatchRows, time, _times));
            }
        );

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

    private static CurvePlan CurveOf(LearningCurve curve, int examples) =>
        new(curve.Sizes, curve.Exponent, curve.At(examples), curve.At(2 * examples));
}
