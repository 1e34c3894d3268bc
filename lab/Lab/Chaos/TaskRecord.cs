using ComodCluster.Api.Tasks;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// What one user of a task was told about it. Each task has one user, who asks for one thing after another.
/// </summary>
internal sealed class TaskRecord(string name)
{
    public string Name => name;

    /// <summary>Null until its registration was acknowledged.</summary>
    public string? Uid { get; set; }

    /// <summary>Adaptations that were asked for: whether they were acknowledged.</summary>
    public Dictionary<string, bool> Jobs { get; } = [];

    /// <summary>As listed last.</summary>
    public IReadOnlyList<VersionInfo> Versions { get; set; } = [];

    /// <summary>
    /// What the active version may be: the one last acknowledged, and those asked for without an answer since.
    /// </summary>
    public HashSet<int> Active { get; } = [0];

    public bool Adapting { get; set; }

    public void Acknowledged(int version)
    {
        Active.Clear();
        Active.Add(version);
    }
}
