using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// A trial's images: their activations and their labels as its task sees them. Images are places in the pack.
/// </summary>
internal sealed class TrialImages(
    TrialPlan plan,
    string tenant,
    DatasetPack pack,
    Backbone backbone,
    ActivationCache activations,
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
    public Tensor Features(int[] images) =>
        cat(
            [
                .. images
                    .Chunk(batchRows)
                    .Select(c => activations.Rows(backbone, Cut.Pool, [.. c.Select(i => (PackImage?)At(i))])),
            ],
            0
        );

    public float[] Target(int image) => Targets.Of(plan.Task, pack, image);

    public int Class(int image) => Targets.ClassOf(plan.Task, pack, image);

    /// <returns>[n, K]</returns>
    public Tensor TargetsOf(int[] images) => tensor([.. images.SelectMany(Target)], [images.Length, plan.Task.Outputs]);
}
