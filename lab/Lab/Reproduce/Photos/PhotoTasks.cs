using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Photos;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>
/// Which classes of the domains are told apart, by a seed that was fixed before anything was measured.
/// </summary>
internal static class PhotoTasks
{
    /// <summary>Seed of the subsets of classes.</summary>
    public const int Seed = 21;

    /// <summary>In the order of the domains; no two of a domain have the same classes.</summary>
    public static IReadOnlyList<PhotoTask> Of(PhotoRole role)
    {
        var tasks = new List<PhotoTask>();
        for (var d = 0; d < PhotoDomains.All.Count; d++)
        {
            var domain = PhotoDomains.All[d];
            if (domain.Role != role)
                continue;
            var (random, drawn) = (new RandomStream(Seed, d), new HashSet<string>());
            foreach (var size in domain.Sizes)
            {
                string[] names;
                do names = Subset(domain, size, random);
                while (!drawn.Add(string.Join(' ', names)));
                tasks.Add(new(domain, tasks.Count, names));
            }
        }
        return tasks;
    }

    /// <summary>One small task; nothing can be concluded from it.</summary>
    /// <param name="photos">Of the first domain; otherwise of built-in scenes.</param>
    public static PhotoTask Quick(bool photos) =>
        photos
            ? new(
                PhotoDomains.All[0],
                0,
                [.. PhotoDomains.All[0].Classes.Take(2).Select(photoClass => photoClass.Name)]
            )
            : new(null, 0, ["bolt", "gear"]);

    private static string[] Subset(PhotoDomain domain, int size, RandomStream random)
    {
        string[] names = [.. domain.Classes.Select(photoClass => photoClass.Name)];
        random.Shuffle(names.AsSpan());
        return [.. names.Take(size).Order(StringComparer.Ordinal)];
    }
}
