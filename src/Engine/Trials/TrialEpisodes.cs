using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Episodes;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// Couplings on top of a readout in closed form: of the last stage that it reads, trained by episodes, and kept where
/// folds that trained along say that they pay (docs/method.md#couplings-on-a-readout).
/// </summary>
internal sealed class TrialEpisodes(
    TrialPlan plan,
    TrialImages images,
    TrialClosedForm closedForm,
    TrialStates states,
    Backbone backbone,
    HostWork host,
    int batchRows,
    DeviceClock clock
)
{
    /// <summary>Steps that were taken, of all folds.</summary>
    public int StepsDone { get; private set; }

    /// <param name="frozen">The readout of all examples.</param>
    /// <param name="reference">How it does on the images that the folds hold out; null where they held out none.</param>
    /// <param name="decided">Gets what is served, and how that does on the same images.</param>
    public IEnumerable<Turn> Train(ReadoutFit frozen, Scores? reference, Action<Verdict, TaskState> decided)
    {
        void Keep(string why) => decided(Candidate.Kept(reference ?? new([], 0), why), states.Of(frozen));

        var count = plan.Examples.Length;
        if (count > ClosedFormReadout.Compared)
        {
            Keep($"couplings are trained on at most {ClosedFormReadout.Compared} images, and there are {count}");
            yield break;
        }
        var refit = new PlaceRefit(frozen, images.ReadoutTargets(plan.Examples), plan.Settings.Seed);
        if (reference is null || !refit.Tells)
        {
            Keep("there are too few images of a class to compare");
            yield break;
        }
        var cut = ModulatedPlace.CutOf(backbone.Spec, frozen.Place);
        foreach (var turn in images.Fill(cut))
            yield return turn;
        var layer = NetworkChange.Of(NetworkPart.Couplings).ShapeOf(backbone, cut, plan.Settings);
        var scale = ScaleOf(frozen.Place);
        using var place = PlaceOf(frozen.Place, cut, layer);

        List<PlaceFeatures> byFold = [];
        foreach (var trained in refit.Trained)
        {
            using var training = NewTraining(place, trained, layer, scale);
            foreach (var turn in Step(training))
                yield return turn;
            if (!training.IsFinite)
            {
                Keep("its couplings diverged");
                yield break;
            }
            foreach (var turn in Features(place, training, scale, byFold.Add))
                yield return turn;
        }
        FoldResult result = null!;
        foreach (var turn in OnHost(stop => refit.Ask(byFold, stop), r => result = r))
            yield return turn;
        var logits = refit.Answers(result).ToDictionary(a => plan.Examples[a.Image], a => a.Logits);
        var scores = closedForm.ScoresOf(closedForm.HeldOutOf(frozen), logits);
        var verdict = Candidate.OfFolds(reference, new Candidate(plan.Settings.Steps, false, scores));
        if (verdict.Candidate.IsBase)
        {
            decided(verdict, states.Of(frozen));
            yield break;
        }

        using var final = NewTraining(place, [.. Enumerable.Range(0, count)], layer, scale);
        foreach (var turn in Step(final))
            yield return turn;
        if (!final.IsFinite)
        {
            Keep("its couplings diverged");
            yield break;
        }
        PlaceFeatures features = null!;
        foreach (var turn in Features(place, final, scale, f => features = f))
            yield return turn;
        StoredReadout stored = null!;
        foreach (var turn in OnHost(stop => refit.Fit(features, result, stop), s => stored = s))
            yield return turn;
        decided(verdict, states.Of(stored, cut, layer, final.U, final.V));
    }

    private IEnumerable<Turn> Step(CouplingTraining training)
    {
        while (training.IsFinite && training.Step < plan.Settings.Steps)
        {
            clock.Charge(training.Advance);
            StepsDone++;
            yield return Turn.Worked;
        }
    }

    /// <summary>Of all examples, under the gains that were trained.</summary>
    private IEnumerable<Turn> Features(
        ModulatedPlace place,
        CouplingTraining training,
        Standardisation scale,
        Action<PlaceFeatures> computed
    )
    {
        List<float> modulated = [];
        foreach (var chunk in Enumerable.Range(0, plan.Examples.Length).Chunk(batchRows))
        {
            clock.Charge(() =>
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                modulated.AddRange(HostTensors.Read(place.Of(training.Couplings, plan.Settings.Mu, chunk)));
            });
            yield return Turn.Worked;
        }
        computed(PlaceRefit.Features([.. modulated], scale, training.G));
    }

    private CouplingTraining NewTraining(ModulatedPlace place, int[] trained, ChangeShape layer, Standardisation scale)
    {
        int[] examples = [.. trained.Select(i => plan.Examples[i])];
        var classes = plan.Task.ReadoutLoss.OneIsRight;
        return new(
            place,
            trained,
            new(
                [.. examples.Select(images.Target)],
                [.. examples.Select(i => classes ? images.Class(i) : 0)],
                plan.Task.ReadoutLoss
            ),
            layer,
            [.. scale.Factor.Select(f => (float)f)],
            plan.Settings,
            plan.Traits.Gain,
            backbone.Device
        );
    }

    private ModulatedPlace PlaceOf(ReadoutPlace place, Cut cut, ChangeShape layer)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return new(
            backbone.Spec,
            place,
            images.Activations(cut, plan.Examples),
            images.Records(plan.Examples),
            (layer.VHeight, layer.VWidth)
        );
    }

    /// <summary>Of the frozen network's features.</summary>
    private Standardisation ScaleOf(ReadoutPlace place)
    {
        using var scope = NewDisposeScope();
        var (layout, records) = (images.Layout, HostTensors.Read(images.Records(plan.Examples)).ToArray());
        return Standardisation.Of(
            plan.Examples.Length,
            layout.WidthOf(place),
            (image, features) => layout.Copy(place, records.AsSpan(image * layout.Width, layout.Width), features)
        );
    }

    private IEnumerable<Turn> OnHost<T>(Func<CancellationToken, T> work, Action<T> done)
    {
        while (!host.TryEnter())
            yield return Turn.Sleeping;
        using var stop = new CancellationTokenSource();
        try
        {
            var token = stop.Token;
            var running = host.Run(() => work(token));
            while (!running.IsCompleted)
                yield return Turn.Sleeping;
            done(running.GetAwaiter().GetResult());
        }
        finally
        {
            stop.Cancel();
            host.Leave();
        }
    }
}
