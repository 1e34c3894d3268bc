using Microsoft.Extensions.Options;
using Npgsql;

namespace ComodCluster.Grains.Storage;

/// <summary>
/// Says all that is wrong with <see cref="StorageOptions"/>, in the words of the silo's configuration.
/// </summary>
public sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(StorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
            yield return "The data directory has no name: set Comod:Storage, or pass --data-dir DIRECTORY.";
        else if (options.Directory.AsSpan().ContainsAny(Path.GetInvalidPathChars()))
            yield return $"Comod:Storage cannot be '{options.Directory}', which is no name for a directory; take "
                + $"another one.";
        if (options.Database is { } database && Problem(database) is { } problem)
            yield return $"Comod:Database is no connection string ({problem}); write "
                + $"Host=...;Database=...;Username=...;Password=....";
        if (options.Database is not null && options.Blobs is null)
            yield return "Silos that share a database must share their blobs: set Comod:Blobs to a directory that "
                + "all of them reach, or to s3://bucket/prefix.";
        if (options.S3.Problem(options.Blobs) is var (key, fix))
            yield return $"Comod:{key} cannot be used: {fix}.";
        if (options.BlobGrace < TimeSpan.FromHours(1))
            yield return $"Unused blobs would be deleted after {options.BlobGrace}, which may be before they are "
                + $"used: set a grace of at least one hour.";
    }

    private static string? Problem(string connection)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connection);
            return parsed.Host is null ? "it names no host"
                : parsed.Database is null ? "it names no database"
                : null;
        }
        catch (ArgumentException)
        {
            // The driver's own message may repeat the password.
            return "it has a part that is no setting of a connection";
        }
    }
}
