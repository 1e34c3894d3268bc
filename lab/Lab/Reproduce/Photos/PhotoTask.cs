using ComodCluster.Lab.Photos;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>Some classes of a domain to tell apart.</summary>
/// <param name="Domain">Null: built-in scenes, which show that the study runs.</param>
/// <param name="Number">Among the tasks that are averaged over.</param>
internal sealed record PhotoTask(PhotoDomain? Domain, int Number, IReadOnlyList<string> Classes)
{
    public string DomainName => Domain?.Name ?? "scenes";

    public override string ToString() => $"{DomainName} {Number}";
}
