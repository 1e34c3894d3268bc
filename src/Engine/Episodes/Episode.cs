using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Episodes;

/// <summary>
/// A step's images: a head is solved on some of them and asked about the others. Every class is dealt anew for each
/// step.
/// </summary>
/// <param name="Support">Places among the training images.</param>
/// <param name="Query">Others of them; of a class with one image there is none.</param>
internal sealed record Episode(int[] Support, int[] Query)
{
    private const ulong Stream = 0x5311_9000_0000;

    /// <param name="strata">Class of each training image; one for all where there are attributes.</param>
    /// <param name="most">Images, about; each class has its share and at least two of its images.</param>
    public static Episode Draw(IReadOnlyList<int> strata, int most, int seed, int step)
    {
        var order = CounterRandom.Permutation(strata.Count, (ulong)(uint)seed, Stream + (ulong)step);
        List<int> support = [],
            query = [];
        foreach (var group in order.GroupBy(i => strata[i]).OrderBy(g => g.Key))
        {
            int[] images = [.. group];
            var share = (int)Math.Ceiling((double)most * images.Length / Math.Max(most, strata.Count));
            var taken = Math.Min(images.Length, Math.Max(2, share));
            var half = Math.Max(1, taken / 2);
            support.AddRange(images[..half]);
            query.AddRange(images[half..taken]);
        }
        return new([.. support], [.. query]);
    }
}
