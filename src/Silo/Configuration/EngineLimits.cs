using System.ComponentModel.DataAnnotations;
using ComodCluster.Engine.Execution;

namespace ComodCluster.Silo.Configuration;

/// <summary>Section <c>Comod:Engine</c>: memory, batches and turns of the device.</summary>
public sealed record EngineLimits
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Engine)}";

    private static readonly EngineOptions Defaults = new();

    /// <summary>
    /// Precision of the frozen convolutions; <c>auto</c>: bfloat16 where the processor computes in it. Other
    /// precisions give other last bits.
    /// </summary>
    [AllowedValues("auto", "float32", "bfloat16")]
    public string Precision { get; init; } = Defaults.Precision;

    /// <summary>
    /// Images in a batch of adaptation; 0: 64 on a processor, 256 on a GPU. Other numbers give other last bits.
    /// </summary>
    [Takes("0 or a multiple of 64 up to 4096")]
    [Formerly("TileRows")]
    public int BatchRows { get; init; } = Defaults.BatchRows;

    /// <summary>Images waiting for a prediction; more are refused as busy.</summary>
    [Range(64, 1_000_000)]
    public int PredictQueue { get; init; } = Defaults.PredictQueue;

    /// <summary>Longest wait of a batch of predictions for requests that are being decoded; 0: none.</summary>
    [Range(0.0, 1000.0)]
    public double PredictWindowMilliseconds { get; init; } = Defaults.PredictWindow.TotalMilliseconds;

    /// <summary>
    /// Device memory for the parameters of tasks that adapt at the same time; a job that finds no room waits.
    /// </summary>
    [Range(1 << 20, double.PositiveInfinity)]
    public long TableBytes { get; init; } = Defaults.TableBytes;

    /// <summary>
    /// Device memory for activations of the frozen layers; what does not fit comes from files, or is computed again. 0:
    /// none.
    /// </summary>
    [Range(0, double.PositiveInfinity)]
    [Formerly("PrefixCacheBytes")]
    public long ActivationCacheBytes { get; init; } = Defaults.ActivationCacheBytes;

    /// <summary>Disk space for activations of the frozen layers, below the data directory; 0: none.</summary>
    [Range(0, double.PositiveInfinity)]
    [Formerly("PrefixDiskBytes")]
    public long ActivationDiskBytes { get; init; } = Defaults.ActivationDiskBytes;

    /// <summary>Time between two checkpoints of an adaptation.</summary>
    [Range(0.1, 3600.0)]
    public double CheckpointSeconds { get; init; } = Defaults.CheckpointEvery.TotalSeconds;

    /// <summary>Shares of the device by tenant; those that are not named have 1.</summary>
    [Takes("0.01 to 100 for each tenant", Default = "1 for each tenant")]
    public Dictionary<string, double> TenantWeights { get; init; } = [];
}
