using ComodCluster.Grains.Storage.Blobs.S3;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ComodCluster.Grains.Storage;

/// <summary>Where a silo stores what it acknowledges.</summary>
public sealed class StorageOptions
{
    /// <summary>Directory of the catalog and the blobs; made if it is missing; one process at a time.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Connection string of a PostgreSQL database that has the catalog; null: SQLite in the directory, for one process.</summary>
    public string? Database { get; set; }

    /// <summary>Name of the cluster that the database belongs to.</summary>
    public string Cluster { get; set; } = "comod";

    /// <summary>Directory or <c>s3://bucket/prefix</c> of the blobs, shared by all silos on the same database; null: <c>blobs</c> in the directory.</summary>
    public string? Blobs { get; set; }

    public S3Options S3 { get; set; } = new();

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
        if (options.Database is { } database && Problem(database) is { } problem)
            return ValidateOptionsResult.Fail($"Comod:Database is no connection string ({problem}); write Host=...;Database=...;Username=...;Password=....");
        if (options.Database is not null && options.Blobs is null)
            return ValidateOptionsResult.Fail("Silos that share a database must share their blobs: set Comod:Blobs to a directory that all of them reach, or to s3://bucket/prefix.");
        if (options.S3.Problem(options.Blobs) is var (key, fix))
            return ValidateOptionsResult.Fail($"Setting Comod:{key} cannot be used: {fix}.");
        return options.BlobGrace >= TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Unused blobs would be deleted after {options.BlobGrace}, which may be before they are used: set a grace of at least one hour.");
    }

    private static string? Problem(string connection)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connection);
            return parsed.Host is null ? "it names no host" : parsed.Database is null ? "it names no database" : null;
        }
        catch (ArgumentException)
        {
            // The driver's own message may repeat the password.
            return "it has a part that is no setting of a connection";
        }
    }
}
