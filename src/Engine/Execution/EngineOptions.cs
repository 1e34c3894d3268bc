using System.Collections.Frozen;

namespace ComodCluster.Engine.Execution;

public sealed record EngineOptions
{
    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Threads of one operation; 0: one per core that this process may use. Part of the profile: other counts give
    /// other last bits.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>
    /// Precision of the frozen convolutions: <c>auto</c>, <c>float32</c> or <c>bfloat16</c>; see
    /// <see cref="Backbones.Precisions"/>. Part of the profile.
    /// </summary>
    public string Precision { get; init; } = "auto";

    /// <summary>
    /// Rows of a batch of adaptation: a multiple of 64; 0: 64 on a processor, where more gain nothing, and 256 on a
    /// GPU, which a few rows leave idle. Part of the profile.
    /// </summary>
    public int BatchRows { get; init; }

    /// <summary>Images waiting for a prediction; more are refused as busy.</summary>
    public int PredictQueue { get; init; } = 1024;

    /// <summary>Longest wait of a batch of predictions for requests that are being decoded; 0: none.</summary>
    public TimeSpan PredictWindow { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Device memory for the parameters of tasks that adapt at the same time; a job that finds no room waits.
    /// </summary>
    public long TableBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Device memory for prefix activations; what does not fit comes from files, or is computed again at each step. 0:
    /// none.
    /// </summary>
    public long ActivationCacheBytes { get; init; } = 2L << 30;

    /// <summary>Folder of files with prefix activations, for this process alone; null: no files.</summary>
    public string? ActivationFolder { get; init; }

    /// <summary>Disk space for those files; over it those used longest ago go first.</summary>
    public long ActivationDiskBytes { get; init; } = 8L << 30;

    /// <summary>Time between two checkpoints of a job.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time between two checkpoints of a backbone's training.</summary>
    public TimeSpan TrainingCheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Shares of the device by tenant, relative to 1 of those that are not named.</summary>
    public IReadOnlyDictionary<string, double> TenantWeights { get; init; } = FrozenDictionary<string, double>.Empty;

    /// <exception cref="InputException">settings-invalid</exception>
    public void Validate()
    {
        if (Threads is < 0 or > 1024)
            throw Invalid(nameof(Threads), Threads, "0 (one per core) to 1024");
        if (BatchRows < 0 || BatchRows % 64 != 0 || BatchRows > 4096)
            throw Invalid(nameof(BatchRows), BatchRows, "0 (by the device) or a multiple of 64 up to 4096");
        if (PredictQueue is < 64 or > 1_000_000)
            throw Invalid(nameof(PredictQueue), PredictQueue, "64 to 1000000");
        if (PredictWindow < TimeSpan.Zero || PredictWindow > TimeSpan.FromSeconds(1))
            throw Invalid(nameof(PredictWindow), PredictWindow, "0 to 1 second");
        if (TableBytes < 1 << 20)
            throw Invalid(nameof(TableBytes), TableBytes, "at least 1048576 bytes");
        if (ActivationCacheBytes < 0)
            throw Invalid(nameof(ActivationCacheBytes), ActivationCacheBytes, "0 or more bytes");
        if (ActivationDiskBytes < 0)
            throw Invalid(nameof(ActivationDiskBytes), ActivationDiskBytes, "0 or more bytes");
        foreach (var (tenant, weight) in TenantWeights)
            if (!(weight is >= 0.01 and <= 100))
                throw Invalid($"{nameof(TenantWeights)}:{tenant}", weight, "0.01 to 100");
        if (CheckpointEvery < TimeSpan.FromMilliseconds(100))
            throw Invalid(nameof(CheckpointEvery), CheckpointEvery, "at least 0.1 seconds");
    }

    private static InputException Invalid(string option, object value, string range) =>
        new("settings-invalid", $"The engine's option {option} is {value}; choose {range}.");
}
