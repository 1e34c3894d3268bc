using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// One optimisation: a slot of the task table with its images and counters. Seeds, trials and folds are lanes alike.
/// Tensors live in the table; here is what the host keeps.
/// </summary>
public sealed class Lane
{
    private const ulong UnitStream = 0x0DE_0000;
    private int[]? _unitOrder;

    public required TaskSettings Settings { get; init; }
    public required TaskDefinition Task { get; init; }
    public required DatasetPack Pack { get; init; }

    /// <summary>Whose activations of the pack are used.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Places in the pack that steps draw from.</summary>
    public required int[] Train { get; init; }

    /// <summary>Places that evaluations use; may be empty.</summary>
    public required int[] Held { get; init; }

    public required int Steps { get; init; }

    /// <summary>Keep the parameters of the best evaluation, else those of the last step.</summary>
    public required bool EarlyStopping { get; init; }

    /// <summary>Keep a snapshot of every evaluation.</summary>
    public bool KeepSnapshots { get; init; }

    public required bool TrainsReadout { get; init; }

    public MethodTraits Traits => MethodTraits.Of(Settings.Method);
    public bool TrainsGain => Traits.Gain == GainSource.Gradient;

    public int Slot { get; set; }

    /// <summary>The latest round of its group that it took part in.</summary>
    public long Round { get; set; }
    public int Step { get; set; }
    public double BestLoss { get; set; } = double.PositiveInfinity;
    public double? BestAccuracy { get; set; }
    public int BestStep { get; set; }

    /// <summary>Times that a non-finite number was seen; each halves the rates.</summary>
    public int Strikes { get; set; }
    public double Loss { get; set; } = double.NaN;
    public double DeviceSeconds { get; set; }
    public List<EvaluationPoint> Curve { get; } = [];
    public List<LaneSnapshot> Snapshots { get; } = [];

    /// <summary>Why it cannot go on; null otherwise.</summary>
    public string? Failure { get; set; }

    /// <summary>What threw while a batch of this lane alone was run; null otherwise.</summary>
    public Exception? Error { get; set; }

    public bool Running => Failure is null && Error is null && !Stopped && Step < Steps;

    /// <summary>The latest evaluations brought nothing better.</summary>
    public bool Stopped =>
        EarlyStopping
        && Settings.Patience is { } patience
        && Curve.Count >= patience
        && Curve[^patience].Step > BestStep;
    public double Rate => Settings.LearningRate * Math.Pow(0.5, Strikes);
    public double ReadoutRate => Settings.EffectiveReadoutLearningRate * Math.Pow(0.5, Strikes);
    public bool TrainsU => NetworkChange.Of(Traits.Trains).TrainsU(Settings);
    public bool TrainsV => NetworkChange.Of(Traits.Trains).TrainsV(Settings);
    public bool DueForRefresh => Traits.RefreshesGain && Step % Settings.RefreshEvery == 0;
    public bool DueForEvaluation => Held.Length > 0 && (Step % Settings.EvaluateEvery == 0 || Step == Steps);

    /// <summary>The images of the coming step.</summary>
    public int[] NextRows() =>
        [.. Sampler.Rows(Train.Length, Settings.Batch, Settings.Seed, Step).Select(i => Train[i])];

    /// <summary>A permutation of the D units: a pure function of the seed.</summary>
    public int[] UnitOrder(int units) =>
        _unitOrder ??= CounterRandom.Permutation(units, (ulong)(uint)Settings.Seed, UnitStream);
}
