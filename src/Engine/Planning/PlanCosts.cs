using System.Globalization;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Planning;

/// <summary>What the methods cost, and what is known of their return.</summary>
internal static class PlanCosts
{
    /// <summary>Trials of the same job, one per method that the engine has.</summary>
    public static (TrialPlan Readout, TrialPlan Comodulation) Trials(BackboneSpec spec, PlanWork work, Cut cut)
    {
        return (Trial(Method.Readout), Trial(Method.Comodulation));

        TrialPlan Trial(Method method) =>
            TrialPlan.Of(
                spec,
                work.Pack,
                work.Task,
                work.Settings with
                {
                    Method = method,
                    Cut = cut.ToString(),
                    Also = null,
                }
            );
    }

    /// <summary>Device thread: what the activation cache lacks for a trial, per cut, and all bytes.</summary>
    public static (long Bytes, (Cut Cut, int Missing)[] Missing) Needs(
        ActivationCache activations,
        Backbone backbone,
        PlanWork work,
        TrialPlan trial
    )
    {
        var job = new AdaptationWork
        {
            Tenant = work.Tenant,
            BackboneDigest = work.BackboneDigest,
            Pack = work.Pack,
            Task = work.Task,
            Trials = [trial.Settings],
        };
        var cuts = trial
            .Activations(job)
            .GroupBy(a => a.Place)
            // A record takes the whole network.
            .Select(g => (Cut: g.Key.Cut ?? Cut.Pool, Needs: activations.Needs(backbone, g)))
            .ToArray();
        return (cuts.Sum(c => c.Needs.Bytes), [.. cuts.Select(c => (c.Cut, c.Needs.Missing))]);
    }

    /// <summary>Bytes of the state that a trial will leave, of the very format it is stored in.</summary>
    public static (long Bytes, long Parameters) State(BackboneSpec spec, TrialPlan trial, string profile, string digest)
    {
        if (trial.ClosedForm)
            return ReadoutState(spec, trial, profile, digest);
        var (channels, height, width) = PlanPasses.CouplingsAt(spec, trial.Cut, trial.Settings);
        var (couplings, readout) = (
            trial.Traits.Trains == NetworkPart.Couplings,
            trial.Task.Outputs * (spec.FeatureWidth + 1L)
        );
        var state = new TaskState
        {
            Task = trial.Task,
            Settings = trial.Settings,
            BackboneDigest = digest,
            Profile = profile,
            DecoderGain = new float[spec.FeatureWidth],
            Readout = new float[trial.Task.Outputs * spec.FeatureWidth],
            Bias = new float[trial.Task.Outputs],
            Channel = couplings ? new float[channels] : [],
            Spatial = couplings ? new float[height * width] : [],
            GridHeight = couplings ? height : 0,
            GridWidth = couplings ? width : 0,
        };
        var trained =
            (trial.TrainsReadout ? readout : 0)
            + (couplings && trial.Settings.Granularity != Granularity.Spatial ? channels : 0)
            + (couplings && trial.Settings.Granularity != Granularity.Channel ? height * width : 0);
        return (state.Serialize().LongLength, trained);
    }

    /// <summary>Folds choose the place; where they cannot tell it is the means of all stages.</summary>
    private static (long Bytes, long Parameters) ReadoutState(
        BackboneSpec spec,
        TrialPlan trial,
        string profile,
        string digest
    )
    {
        var (outputs, width) = (trial.Task.Outputs, ReadoutPlace.Means.WidthOf(spec));
        var stored = new StoredReadout(
            ReadoutPlace.Means,
            ReadoutKind.Lda,
            new byte[2 * outputs * width],
            [],
            1,
            new float[outputs]
        );
        var state = new TaskState
        {
            Task = trial.Task,
            Settings = trial.Settings,
            BackboneDigest = digest,
            Profile = profile,
            Placed = PlacedReadout.Of(stored, spec),
        };
        return (state.Serialize().LongLength, outputs * (width + 1L));
    }

    /// <param name="start">Accuracy without any of them.</param>
    public static double? PointsPerSecond(Interval? accuracy, double start, double seconds) =>
        accuracy is { } known && seconds > 0 ? 100 * (known.Value - start) / seconds : null;

    /// <summary>Why nothing is said of the accuracy of training all weights, and what it would have to reach.</summary>
    public static string BasisOfFull(double start, double seconds, CostPlan comodulation)
    {
        const string Unknown = "not known before it runs";
        if (comodulation.PointsPerSecond is not > 0)
            return Unknown;
        var needed = start + comodulation.PointsPerSecond.Value * seconds / 100;
        return Unknown
            + (
                needed <= 1
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"; to return as much per device-second as one step of couplings shows, it would have to "
                            + $"reach {needed:0.000}"
                    )
                    : "; it costs so much more that no accuracy would return as much per device-second as one step "
                        + "of couplings shows"
            );
    }
}
