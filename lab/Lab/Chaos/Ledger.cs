using System.Collections.Concurrent;
using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Chaos;

/// <summary>Everything that was acknowledged, and what was seen that must not be.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, (int Done, int Refused)> _counts = [];

    public ConcurrentBag<TaskRecord> Tasks { get; } = [];

    public ConcurrentQueue<string> Violations { get; } = [];

    /// <summary>By what was asked: acknowledged, and refused or unanswered.</summary>
    public IReadOnlyDictionary<string, (int Done, int Refused)> Counts => _counts;

    public void Count(string operation, bool done) =>
        _counts.AddOrUpdate(
            operation,
            _ => done ? (1, 0) : (0, 1),
            (_, c) => done ? (c.Done + 1, c.Refused) : (c.Done, c.Refused + 1)
        );

    /// <summary>A job ended without its version.</summary>
    public void Failed(JobInfo job) =>
        Violation($"job {job.Id} ended as {Format.Name(job.Phase)}: {job.Error?.Message}");

    /// <summary>What several notice counts once.</summary>
    public void Violation(string what)
    {
        if (!Violations.Contains(what))
            Violations.Enqueue(what);
    }
}
