using System.Collections.Concurrent;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Lab.Chaos;

/// <summary>What one user of a task was told about it. Each task has one user, who asks for one thing after another.</summary>
internal sealed class TaskRecord(string name)
{
    public string Name => name;

    /// <summary>Null until its registration was acknowledged.</summary>
    public string? Uid { get; set; }

    /// <summary>Adaptations that were asked for: whether they were acknowledged.</summary>
    public Dictionary<string, bool> Jobs { get; } = [];

    /// <summary>As listed last.</summary>
    public IReadOnlyList<VersionInfo> Versions { get; set; } = [];

    /// <summary>What the active version may be: the one last acknowledged, and those asked for without an answer since.</summary>
    public HashSet<int> Active { get; } = [0];

    public bool Adapting { get; set; }

    public void Acknowledged(int version)
    {
        Active.Clear();
        Active.Add(version);
    }
}

/// <summary>Everything that was acknowledged, and what was seen that must not be.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, (int Done, int Refused)> _counts = [];

    public ConcurrentBag<TaskRecord> Tasks { get; } = [];

    public ConcurrentQueue<string> Violations { get; } = [];

    /// <summary>By what was asked: acknowledged, and refused or unanswered.</summary>
    public IReadOnlyDictionary<string, (int Done, int Refused)> Counts => _counts;

    public void Count(string operation, bool done) =>
        _counts.AddOrUpdate(operation, _ => done ? (1, 0) : (0, 1), (_, c) => done ? (c.Done + 1, c.Refused) : (c.Done, c.Refused + 1));

    public void Violation(string what) => Violations.Enqueue(what);
}
