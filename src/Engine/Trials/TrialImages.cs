using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// A trial's images: their activations and their labels as its task sees them. Images are places in the pack.
/// </summary>
/// <param name="folder">Of files of records; null: the system's.</param>
internal sealed class TrialImages(
    TrialPlan plan,
    string tenant,
    DatasetPack pack,
    Backbone backbone,
    ActivationCache activations,
    string? folder,
    int batchRows,
    DeviceClock clock
)
{
    public DatasetPack Pack => pack;

    public string Tenant => tenant;

    public PackImage At(int image) => new(pack, image, tenant);

    /// <summary>Computes the activations of all examples that the cache lacks.</summary>
    public IEnumerable<Turn> Fill(ActivationPlace place)
    {
        var missing = plan.Examples.Select(At).Where(i => !activations.Holds(backbone, place, i)).ToArray();
        foreach (var (images, decoded) in DecodedBatch.Ahead(backbone.Spec, missing, batchRows))
        {
            using (decoded)
            {
                clock.Charge(() =>
                {
                    using var scope = NewDisposeScope();
                    activations.Rows(backbone, place, [.. images.Select(i => (PackImage?)i)], decoded);
                });
            }
            yield return Turn.Worked;
        }
    }

    /// <returns>Unmodulated features, [n, D].</returns>
    public Tensor Features(int[] images) => cat([.. images.Chunk(batchRows).Select(Penultimate)], 0);

    /// <summary>Of the images' records.</summary>
    public RecordLayout Layout { get; } = RecordLayout.Of(backbone.Spec);

    /// <summary>Room on the host for so many records.</summary>
    public HostRecords NewRecords(int count) => new(Layout, count, folder);

    /// <summary>Copies the records of images to the host.</summary>
    public IEnumerable<Turn> Read(int[] of, HostRecords records)
    {
        foreach (var chunk in of.Chunk(batchRows))
        {
            clock.Charge(() =>
            {
                using var scope = NewDisposeScope();
                records.Add(HostTensors.Read(Records(chunk)));
            });
            yield return Turn.Worked;
        }
    }

    public float[] Record(int image)
    {
        using var scope = NewDisposeScope();
        return HostTensors.Read(Records([image])).ToArray();
    }

    public ReadoutTargets ReadoutTargets(int[] of) =>
        plan.Task.ReadoutLoss.OneIsRight
            ? Readouts.ReadoutTargets.OfClasses([.. of.Select(Class)], plan.Task.Outputs)
            : Readouts.ReadoutTargets.OfAttributes(
                [.. of.Select(i => Target(i).Select(t => t == 1).ToArray())],
                plan.Task.Outputs
            );

    private Tensor Penultimate(int[] of)
    {
        if (!plan.Places.Contains(ActivationPlace.Record))
            return activations.Rows(backbone, Cut.Pool, [.. of.Select(i => (PackImage?)At(i))]);
        var (offset, length) = Layout.PartsOf(ReadoutPlace.Penultimate).Single();
        return Records(of).narrow(1, offset, length);
    }

    /// <returns>float32 [n, width of a record]</returns>
    public Tensor Records(int[] of) => Activations(ActivationPlace.Record, of);

    /// <returns>Of the frozen network, a row for each image.</returns>
    public Tensor Activations(ActivationPlace place, int[] of) =>
        activations.Rows(backbone, place, [.. of.Select(i => (PackImage?)At(i))]);

    public float[] Target(int image) => Targets.Of(plan.Task, pack, image);

    public int Class(int image) => Targets.ClassOf(plan.Task, pack, image);

    /// <returns>[n, K]</returns>
    public Tensor TargetsOf(int[] images) => tensor([.. images.SelectMany(Target)], [images.Length, plan.Task.Outputs]);
}
