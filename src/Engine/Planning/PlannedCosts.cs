using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// What readout, comodulation and training all weights cost, from the times that passes took and what the activation
/// cache lacks.
/// </summary>
internal sealed class PlannedCosts(BackboneSummary backbone, PlanWork work, ExecutionProfile profile, Cut cut)
{
    private readonly (TrialPlan Readout, TrialPlan Comodulation) _trials = PlanCosts.Trials(backbone.Spec, work, cut);
    private (long Bytes, (Cut Cut, int Missing)[] Missing) _readout,
        _comodulation;

    /// <summary>Device thread: what the activation cache lacks.</summary>
    public void LookAt(ActivationCache activations, Backbone resident)
    {
        _readout = PlanCosts.Needs(activations, resident, work, _trials.Readout);
        _comodulation = PlanCosts.Needs(activations, resident, work, _trials.Comodulation);
    }

    /// <param name="model">Seconds of passes and fits.</param>
    /// <param name="begin">Accuracy without any of them.</param>
    /// <param name="readout">Accuracy of a readout.</param>
    /// <param name="couplings">Accuracy after one step of couplings.</param>
    public IReadOnlyList<CostPlan> Of(CostModel model, double begin, Interval readout, Interval couplings)
    {
        var comodulation = Cost(
            PlannedMethod.Comodulation,
            _trials.Comodulation,
            _comodulation,
            couplings,
            $"measured after one cross-validated step of couplings at {cut}; what its {work.Settings.Steps} steps "
                + $"reach is not known before they run"
        );
        var full = model.Full(_trials.Comodulation);
        return
        [
            Cost(
                PlannedMethod.Readout,
                _trials.Readout,
                _readout,
                readout,
                "learning curve of a readout fitted to the frozen features"
            ),
            comodulation,
            new CostPlan
            {
                Method = PlannedMethod.Full,
                DeviceSeconds = full,
                PrefixBytes = 0,
                PrefixMissing = 0,
                StateBytes = backbone.Parameters * sizeof(float),
                TrainedParameters = backbone.Parameters,
                Accuracy = null,
                Basis = PlanCosts.BasisOfFull(begin, full, comodulation),
                PointsPerSecond = null,
            },
        ];

        CostPlan Cost(
            PlannedMethod method,
            TrialPlan trial,
            (long Bytes, (Cut Cut, int Missing)[] Missing) needs,
            Interval accuracy,
            string basis
        )
        {
            var (bytes, parameters) = PlanCosts.State(backbone.Spec, trial, profile.ToString(), backbone.Digest);
            var seconds = model.Fill(needs.Missing) + model.Fits(trial) + model.Steps(trial);
            return new CostPlan
            {
                Method = method,
                DeviceSeconds = seconds,
                PrefixBytes = needs.Bytes,
                PrefixMissing = needs.Missing.Max(m => m.Missing),
                StateBytes = bytes,
                TrainedParameters = parameters,
                Accuracy = accuracy,
                Basis = basis,
                PointsPerSecond = PlanCosts.PointsPerSecond(accuracy, begin, seconds),
            };
        }
    }
}
