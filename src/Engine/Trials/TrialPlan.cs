using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// Which images a trial uses for what (docs/method.md#validation): places in the pack. Either folds, or train and early
/// stopping with or without a gate.
/// </summary>
public sealed record TrialPlan
{
    private const int FoldCount = 4;
    private const ulong TestStream = 0x7E57;

    public required TaskSettings Settings { get; init; }
    public required TaskDefinition Task { get; init; }

    /// <summary>
    /// Where the passes of its steps begin: the encoder layer, or where else its method begins to change the network;
    /// all before comes from the activation cache.
    /// </summary>
    public required Cut Cut { get; init; }

    /// <summary>All training images of the trial.</summary>
    public required int[] Examples { get; init; }

    /// <summary>Empty unless the trial is cross-validated.</summary>
    public IReadOnlyList<int[]> Folds { get; init; } = [];
    public int[] Train { get; init; } = [];
    public int[] EarlyStopping { get; init; } = [];
    public int[] Gate { get; init; } = [];

    /// <summary>
    /// Examples that candidates of a choice are compared on, in this order, where none is kept from training: of a
    /// readout in closed form.
    /// </summary>
    public int[] Compared { get; init; } = [];

    /// <summary>
    /// Examples that a readout in closed form answers for out of fold, in the order of the losses that it is compared
    /// with; empty: all.
    /// </summary>
    public int[] Answered =>
        Compared.Length > 0 ? Compared
        : Folds.Count > 0 ? [.. Folds.SelectMany(f => f)]
        : Gate;
    public required int[] Test { get; init; }

    public MethodTraits Traits => MethodTraits.Of(Settings.Method);
    public bool TrainsReadout => Traits.Trains == NetworkPart.None || Task.Mode == ReadoutMode.Own;

    /// <summary>A readout of new classes is fitted in one go: nothing is stepped.</summary>
    public bool Stepped => !ClosedForm && (Traits.Trains != NetworkPart.None || Task.Mode == ReadoutMode.Head);

    /// <summary>
    /// The readout of new classes is computed from records of all examples, of which folds hold out each once.
    /// </summary>
    public bool ClosedForm => (Traits.ClosedForm || OnReadout) && Task.Mode == ReadoutMode.Own;

    /// <summary>
    /// Couplings are trained on top of that readout, of the last stage that it reads: no layer of the task's settings is
    /// modulated.
    /// </summary>
    public bool OnReadout { get; init; }

    /// <summary>
    /// The base that the gate compares with is the readout in closed form of all examples: of new classes, for methods
    /// that change the network. Candidates of a choice have it beside them.
    /// </summary>
    public bool HasClosedFormBase { get; private init; }

    /// <summary>The readout that is served is fitted anew to modulated features.</summary>
    public bool Refits => Task.Mode == ReadoutMode.Own && Settings.Refit != ReadoutRefit.None;

    /// <summary>Optimiser steps of all the trial's lanes.</summary>
    public int TotalSteps =>
        Stepped ? Settings.Steps * (Folds.Count + 1)
        : OnReadout ? Settings.Steps * FoldPlan.MostFolds
        : 0;

    /// <summary>Where activations are needed: the features too for a readout that is fitted first.</summary>
    public IReadOnlyList<ActivationPlace> Places =>
        ClosedForm ? [ActivationPlace.Record]
        : HasClosedFormBase ? [Cut, ActivationPlace.Record]
        : Task.Mode == ReadoutMode.Own && Cut != Cut.Pool ? [Cut, Cut.Pool]
        : [Cut];

    /// <summary>Activations that the trial needs before its first step.</summary>
    public IEnumerable<(ActivationPlace Place, PackImage Image)> Activations(AdaptationWork work) =>
        Examples.SelectMany(i => Places.Select(p => (p, new PackImage(work.Pack, i, work.Tenant))));

    /// <summary>What its lanes share a table with.</summary>
    public GroupKey Group(Backbone backbone) => GroupKey.Of(backbone, Cut, Settings, Task.Outputs, TrainsReadout);

    /// <summary>Bytes of the task table that its lanes need.</summary>
    public long TableBytes(Backbone backbone) => Stepped ? Group(backbone).Slot.Bytes * (Folds.Count + 1) : 0;

    /// <summary>What the gate says; null where there is none.</summary>
    /// <inheritdoc cref="Trials.Gate.Decide"/>
    public GateDecision? Decide(IReadOnlyList<double> version, IReadOnlyList<double> reference) =>
        Settings.Gate == GatePolicy.Off ? null : Trials.Gate.Decide(version, reference);

    /// <param name="compared">See <see cref="AdaptationWork.Compared"/>.</param>
    /// <exception cref="InputException">settings-invalid, backbone-cut, examples-too-few,
    /// examples-too-many.</exception>
    public static TrialPlan Of(
        BackboneSpec backbone,
        DatasetPack pack,
        TaskDefinition task,
        TaskSettings settings,
        bool compared = false
    )
    {
        settings.Validate();
        var cut = TaskLayers.Modulated(backbone, settings)[0];
        var onReadout = TaskLayers.FollowsReadout(settings) && task.Mode == ReadoutMode.Own;
        settings = settings with { Cut = cut.ToString() };
        var train = Own(pack, task, DatasetSplit.Train);
        if (train.Length < 4)
            throw new InputException(
                "examples-too-few",
                $"The data set has {train.Length} training images for this task and at least 4 are needed; upload more."
            );
        var drawn = Splits
            .Draw(Strata(pack, task, train), settings.Examples ?? train.Length, settings.Seed)
            .Select(i => train[i])
            .ToArray();
        var strata = Strata(pack, task, drawn);
        var plan = new TrialPlan
        {
            Settings = settings,
            Task = task,
            Cut = NetworkChange.Of(settings.Method).From(cut),
            Examples = drawn,
            Test = TestOf(pack, task, settings),
            OnReadout = onReadout,
        };
        plan = plan with
        {
            HasClosedFormBase =
                task.Mode == ReadoutMode.Own
                && plan.Traits is { Trains: not NetworkPart.None, Serves: true }
                && settings.Gate == GatePolicy.Auto
                && !compared,
        };
        if (plan.ClosedForm && !compared)
            return plan;
        int[] At(int[] positions) => [.. positions.Select(i => drawn[i])];
        if (
            compared
                ? drawn.Length < Choice.PartFrom
                : settings.Gate == GatePolicy.Auto && drawn.Length < Trials.Gate.ThreePartsFrom
        )
        {
            int[][] folds = [.. Splits.Folds(strata, FoldCount, settings.Seed).Select(At)];
            return plan.ClosedForm
                ? plan with
                {
                    Compared = [.. folds.SelectMany(f => f)],
                }
                : plan with
                {
                    Folds = folds,
                };
        }
        var parts = Splits.Parts(
            strata,
            settings.Gate == GatePolicy.Off && !compared ? [0.75, 0.25] : [0.6, 0.2, 0.2],
            settings.Seed
        );
        if (plan.ClosedForm)
            return plan with { Compared = At(parts[2]) };
        return plan with
        {
            Train = At(parts[0]),
            EarlyStopping = At(parts[1]),
            Gate = parts.Length > 2 ? At(parts[2]) : [],
        };
    }

    private static int[] Own(DatasetPack pack, TaskDefinition task, DatasetSplit split) =>
        [.. pack.Indices(split).Where(i => Targets.Has(task, pack, i))];

    private static int[] Strata(DatasetPack pack, TaskDefinition task, int[] images) =>
        [.. images.Select(i => Targets.StratumOf(task, pack, i))];

    /// <summary>The same images for every trial of the task, whatever its seed.</summary>
    private static int[] TestOf(DatasetPack pack, TaskDefinition task, TaskSettings settings)
    {
        var test = Own(pack, task, DatasetSplit.Test);
        if (settings.TestImages is not { } count || count >= test.Length)
            return test;
        return [.. CounterRandom.Permutation(test.Length, 0, TestStream).Take(count).Order().Select(i => test[i])];
    }
}
