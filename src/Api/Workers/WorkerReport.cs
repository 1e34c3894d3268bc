namespace ComodCluster.Api.Workers;

/// <summary>What a worker silo is doing.</summary>
[GenerateSerializer, Immutable, Alias("comod.WorkerReport")]
public sealed record WorkerReport
{
    /// <summary>Unique among the silos that are alive.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Orleans address, <c>ip:port@generation</c>.</summary>
    [Id(1)]
    public required string Silo { get; init; }

    /// <summary><c>cpu</c>, <c>cuda:0</c>, ...</summary>
    [Id(2)]
    public required string Device { get; init; }

    /// <summary>It takes no new work and hands over what it has.</summary>
    [Id(3)]
    public required bool Draining { get; init; }

    /// <summary>Task grains in memory.</summary>
    [Id(4)]
    public required int Tasks { get; init; }

    /// <summary>Jobs that run, and jobs that wait for a slot of this worker.</summary>
    [Id(5)]
    public required int RunningJobs { get; init; }

    [Id(6)]
    public required int WaitingJobs { get; init; }

    /// <summary>Device-seconds of work that is accepted and not done, estimated.</summary>
    [Id(7)]
    public required double BacklogSeconds { get; init; }

    /// <summary>Mean device-seconds of the jobs that ended here; null before the first.</summary>
    [Id(8)]
    public double? SecondsPerJob { get; init; }

    /// <summary>Digests of the backbones in the device's memory.</summary>
    [Id(9)]
    public required IReadOnlyList<string> Backbones { get; init; }

    /// <summary>Jobs that ended here, well or badly, since the silo started.</summary>
    [Id(10)]
    public int EndedJobs { get; init; }
}
