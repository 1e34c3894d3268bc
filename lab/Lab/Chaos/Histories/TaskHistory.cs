using System.Collections.Concurrent;
using System.Diagnostics;

namespace ComodCluster.Lab.Chaos.Histories;

/// <summary>All that was asked of a task and answered, by all of its users.</summary>
internal sealed class TaskHistory
{
    private static readonly long Zero = Stopwatch.GetTimestamp();

    private readonly ConcurrentQueue<TaskOperation> _operations = [];
    private readonly ConcurrentDictionary<string, TaskOperation> _ends = [];

    /// <summary>Seconds, the same for all histories.</summary>
    public static double Now => Stopwatch.GetElapsedTime(Zero).TotalSeconds;

    public IReadOnlyCollection<TaskOperation> Operations => [.. _operations, .. _ends.Values];

    /// <summary>What was asked at a time, and is answered now or not at all.</summary>
    public void Add(TaskVerb verb, int version, double asked, bool isAnswered) =>
        _operations.Enqueue(new(verb, version, asked, isAnswered ? Now : null));

    /// <summary>An adaptation under one id, however often it had to be asked for; its job may end from then
    /// on.</summary>
    public void Adapted(string job, double asked, bool isAnswered)
    {
        _operations.Enqueue(new(TaskVerb.Adapt, null, asked, isAnswered ? Now : null, job));
        _ends[job] = new(TaskVerb.End, null, asked, Heard: null, job);
    }

    /// <summary>Somebody has seen that a job of this history has ended.</summary>
    /// <param name="version">That it left; 0: none.</param>
    public void Ended(string job, int version) =>
        _ends[job] = _ends[job] with { Version = version, Heard = _ends[job].Heard ?? Now };
}
