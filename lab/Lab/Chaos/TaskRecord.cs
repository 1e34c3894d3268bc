using ComodCluster.Api.Tasks;
using ComodCluster.Lab.Chaos.Histories;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// What was told about a task. It has one owner, who adapts it and asks for one thing after another; all users activate
/// its versions and predict.
/// </summary>
internal sealed class TaskRecord(string name)
{
    public string Name => name;

    /// <summary>Null until its registration was acknowledged.</summary>
    public string? Uid { get; set; }

    /// <summary>Adaptations that were asked for: whether they were acknowledged.</summary>
    public Dictionary<string, bool> Jobs { get; } = [];

    /// <summary>As its owner has listed them last.</summary>
    public IReadOnlyList<VersionInfo> Versions { get; set; } = [];

    public bool Adapting { get; set; }

    /// <summary>What everybody asked of it.</summary>
    public TaskHistory History { get; } = new();
}
