namespace ComodCluster.Cli.Commands.Demo;

/// <summary>What <c>comod demo</c> was asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>A zip or a folder of class folders; null: the built-in scenes.</summary>
    public string? Data { get; init; }
    public bool Quick { get; init; }
    public FileInfo? Json { get; init; }
    public required FileInfo Report { get; init; }
    public required int Seeds { get; init; }
    public required int Examples { get; init; }
    public required int Tasks { get; init; }
    public string? Device { get; init; }
    public int? Threads { get; init; }

    /// <summary>Data directory that stays; null: a temporary one.</summary>
    public DirectoryInfo? Keep { get; init; }

    /// <summary>The command line, for the record.</summary>
    public required string Command { get; init; }

    /// <summary>Optimiser steps; null: the engine's default.</summary>
    public int? Steps => Quick ? 30 : null;

    /// <summary>Canvases on which a result is measured.</summary>
    public int TestImages => Quick ? 100 : 600;

    /// <summary>Canvases that a seed draws its examples from.</summary>
    public int TrainImages => Math.Max(400, 2 * Examples);
}
