using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Hosting;

/// <summary>Where a silo stores what it acknowledges.</summary>
public sealed class StorageOptions
{
    /// <summary>Directory of the catalog and the blobs; made if it is missing; one process at a time.</summary>
    public string Directory { get; set; } = "";

    /// <summary>How long a blob that no row names is kept. A row is written after its blob, so this must be longer than any job.</summary>
    public TimeSpan BlobGrace { get; set; } = TimeSpan.FromHours(24);
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
            return ValidateOptionsResult.Fail("The data directory has no name: set Comod:Storage, or pass --data DIRECTORY.");
        if (options.Directory.AsSpan().ContainsAny(Path.GetInvalidPathChars()))
            return ValidateOptionsResult.Fail($"'{options.Directory}' is no name for a directory: set Comod:Storage to another one.");
        return options.BlobGrace >= TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Unused blobs would be deleted after {options.BlobGrace}, which may be before they are used: set a grace of at least one hour.");
    }
}
