using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// One trial from its images to its result, as a coroutine of the device thread: prefix, first readout, lanes, choice
/// of steps, refit, gate, test.
/// </summary>
internal sealed class TrialRun
{
    private readonly DeviceClock _clock;
    private readonly TrialImages _images;
    private readonly TrialReadouts _readouts;
    private readonly TrialClosedForm _closedForm;
    private readonly TrialEpisodes _episodes;
    private readonly TrialLanes _lanes;
    private readonly TrialStates _states;
    private readonly TrialMeasuring _measuring;
    private readonly StepChoice _steps;

    public TrialRun(
        TrialPlan plan,
        string tenant,
        DatasetPack pack,
        Backbone backbone,
        ActivationCache activations,
        ExecutionProfile profile,
        EngineOptions options,
        HostWork host,
        TimeProvider time,
        Func<GroupKey, LaneGroup> groups,
        LaneCheckpoints checkpoints
    )
    {
        Plan = plan;
        _clock = new DeviceClock(time);
        _images = new TrialImages(
            plan,
            tenant,
            pack,
            backbone,
            activations,
            options.ActivationFolder,
            options.BatchRows,
            _clock
        );
        _readouts = new TrialReadouts(plan, _images, backbone, _clock);
        _lanes = new TrialLanes(plan, _images, _readouts, backbone, groups, checkpoints, _clock);
        _states = new TrialStates(plan, backbone, profile, options.BatchRows);
        _closedForm = new TrialClosedForm(plan, _images, host);
        _episodes = new TrialEpisodes(plan, _images, _closedForm, _states, backbone, host, options.BatchRows, _clock);
        _measuring = new TrialMeasuring(plan, _images, backbone, _clock);
        _steps = new StepChoice(plan, _lanes, _readouts, _states);
    }

    /// <summary>
    /// A measured image is decoded and goes through the whole network, one of a step from the cut on: about so many of
    /// these.
    /// </summary>
    private const int MeasuredImage = 4;

    public TrialPlan Plan { get; }

    public TrialResult? Result { get; private set; }

    /// <summary>Lanes by name, those that have ended included.</summary>
    public IReadOnlyList<(string Name, Lane Lane, LaneGroup Group)> Lanes => _lanes.All;

    public int StepsDone => _episodes.StepsDone + Lanes.Sum(l => l.Lane.Stopped ? l.Lane.Steps : l.Lane.Step);

    /// <summary>Work done and all work, in images of steps.</summary>
    public (double Done, double All) Work
    {
        get
        {
            var measured = Plan.Gate.Length + Plan.Test.Length + Plan.EarlyStopping.Length;
            return (
                StepsDone * Plan.Settings.Batch + MeasuredImage * Math.Min(_measuring.Images, measured),
                Plan.TotalSteps * Plan.Settings.Batch + MeasuredImage * measured
            );
        }
    }

    public IEnumerable<Turn> Run()
    {
        foreach (var place in Plan.Places)
        foreach (var turn in _images.Fill(place))
            yield return turn;
        foreach (var turn in Plan.ClosedForm ? Compute() : Adapt())
            yield return turn;
    }

    /// <summary>Gives the slots back, once the whole job has ended: until then a checkpoint needs them.</summary>
    public void Release() => _lanes.Release();

    /// <summary>A readout in closed form, which is the base itself, and couplings on top of it where they pay.</summary>
    private IEnumerable<Turn> Compute()
    {
        ReadoutFit readout = null!;
        Scores? heldOut = null;
        foreach (var turn in _closedForm.Fit((fit, scores) => (readout, heldOut) = (fit, scores)))
            yield return turn;
        var untouched = _states.Of(readout);
        var (state, verdict) = (untouched, (Verdict?)null);
        if (Plan.OnReadout)
        {
            foreach (var turn in _episodes.Train(readout, heldOut, (v, s) => (verdict, state) = (v, s)))
                yield return turn;
        }
        var isBase = verdict?.Candidate.IsBase != false;
        var scores = isBase ? heldOut : verdict!.Candidate.Scores;
        List<float[]> answers = [],
            baseline = isBase ? answers : [];
        (TaskState, List<float[]>)[] measured = isBase ? [(state, answers)] : [(state, answers), (untouched, baseline)];
        foreach (var turn in _measuring.Probabilities(measured, Plan.Test, charge: false))
            yield return turn;
        ClassificationMetrics? Test(List<float[]> of) => of.Count > 0 ? _measuring.Measure(of, Plan.Test) : null;
        Result = new TrialResult(
            state,
            state.Settings,
            new TrialMetrics(Test(answers), Test(baseline), scores?.Loss, scores?.Accuracy, null),
            [],
            Plan.Examples.Length,
            verdict?.Candidate.Step ?? 0,
            _states.TrainedParameters(state, isBase),
            _clock.Seconds,
            isBase ? null : Plan.Decide(scores!.Losses, heldOut!.Losses),
            isBase ? $"{ActivationPlace.Record}" : state.Settings.Cut
        )
        {
            Kept = verdict?.Kept,
            HeldOut = scores?.HeldOut(
                Plan.Compared.Length > 0 && Plan.Compared.Length < Plan.Examples.Length ? 1 : readout.Folds
            ),
            Readout = readout,
        };
    }

    private IEnumerable<Turn> Adapt()
    {
        (ReadoutFit Readout, Scores HeldOut)? closed = null;
        if (Plan.HasClosedFormBase)
        {
            foreach (var turn in _closedForm.Fit((fit, scores) => closed = scores is null ? null : (fit, scores)))
                yield return turn;
        }
        var folds = Plan.Folds.Count > 0;
        Verdict? chosen = null;
        GateDecision? gate = null;
        HeldOut? heldOut = null;
        if (folds)
        {
            foreach (var turn in _steps.CrossValidate(v => (chosen, gate, heldOut) = v))
                yield return turn;
        }
        int[] train = folds ? Plan.Examples : Plan.Train,
            held = folds ? [] : Plan.EarlyStopping;
        var reference = _readouts.First(train);
        var state = _states.Of(reference);
        if (Plan.Stepped && chosen?.Candidate.IsBase != true)
        {
            var lane = _lanes.AddFinal(train, held, chosen?.Candidate.Step ?? Plan.Settings.Steps, reference);
            while (lane.Running)
                yield return Turn.Waiting;
            _lanes.Check(lane);
            foreach (
                var turn in folds
                    ? _steps.Finish(lane, chosen!.Candidate, s => state = s)
                    : _steps.Choose(lane, reference, (c, s) => (chosen, state) = (c, s))
            )
                yield return turn;
        }
        var untouched = closed is null ? _states.Of(reference) : _states.Of(closed.Value.Readout);
        if (Plan.Gate.Length > 0)
        {
            foreach (var turn in Decide(state, untouched, d => (gate, heldOut) = d))
                yield return turn;
        }
        var keepsClosed = false;
        if (closed is { } computed && heldOut is { } answers)
        {
            if (Candidate.AgainstClosedForm(answers.Losses, computed.HeldOut.Losses) is { } why)
            {
                keepsClosed = true;
                state = untouched;
                chosen = new(new(0, false, computed.HeldOut), why);
                heldOut = computed.HeldOut.HeldOut(answers.Folds);
            }
            gate = Plan.Decide(heldOut.Losses, computed.HeldOut.Losses);
        }
        var (test, baseTest, calibrated) = (
            (ClassificationMetrics?)null,
            (ClassificationMetrics?)null,
            (Calibration?)null
        );
        if (Plan.Test.Length > 0)
        {
            foreach (var turn in Test(state, untouched, t => (test, baseTest, calibrated) = t))
                yield return turn;
        }
        var stopped = folds ? null : chosen?.Candidate.Scores;
        Result = new TrialResult(
            state,
            Plan.Settings,
            new TrialMetrics(test, baseTest, stopped?.Loss, stopped?.Accuracy, calibrated),
            _steps.Curve(),
            Plan.Examples.Length,
            chosen?.Candidate.Step ?? 0,
            _states.TrainedParameters(state, chosen?.Candidate.IsBase != false),
            _clock.Seconds + _lanes.DeviceSeconds,
            gate,
            Plan.Cut.ToString()
        )
        {
            HeldOut = heldOut,
            Kept = chosen?.Kept,
            Readout = keepsClosed ? closed?.Readout : null,
        };
    }

    private IEnumerable<Turn> Decide(
        TaskState state,
        TaskState untouched,
        Action<(GateDecision? Gate, HeldOut HeldOut)> decided
    )
    {
        List<float[]> version = [],
            baseline = [];
        foreach (
            var turn in _measuring.Probabilities([(state, version), (untouched, baseline)], Plan.Gate, charge: true)
        )
            yield return turn;
        var losses = _measuring.Losses(version, Plan.Gate);
        decided(
            (
                Plan.Decide(losses, _measuring.Losses(baseline, Plan.Gate)),
                new HeldOut(1, losses, _measuring.Measure(version, Plan.Gate).Accuracy)
            )
        );
    }

    private IEnumerable<Turn> Test(
        TaskState state,
        TaskState untouched,
        Action<(ClassificationMetrics Test, ClassificationMetrics BaseTest, Calibration? Calibrated)> measured
    )
    {
        List<float[]> version = [],
            baseline = [],
            untrained = [];
        foreach (
            var turn in _measuring.Probabilities([(state, version), (untouched, baseline)], Plan.Test, charge: false)
        )
            yield return turn;
        // A readout in closed form was fitted to these images too, and is calibrated by its folds.
        int[] calibrating = state.Placed is null ? Plan.EarlyStopping : [];
        foreach (var turn in _measuring.Probabilities([(state, untrained)], calibrating, charge: false))
            yield return turn;
        measured(
            (
                _measuring.Measure(version, Plan.Test),
                _measuring.Measure(baseline, Plan.Test),
                untrained.Count > 0 ? _measuring.Calibrate(untrained, version) : null
            )
        );
    }
}
