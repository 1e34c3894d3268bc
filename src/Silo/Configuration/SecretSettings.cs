using Npgsql;

namespace ComodCluster.Silo.Configuration;

/// <summary>Settings that nobody else may read: they come from files or the environment.</summary>
public static class SecretSettings
{
    private const string Database = $"{SiloOptions.Section}:{nameof(SiloOptions.Database)}",
        SecretKey =
            $"{SiloOptions.Section}:{nameof(SiloOptions.S3)}:{nameof(Grains.Storage.Blobs.S3.S3Options.SecretKey)}";

    /// <summary>Adds the files of <see cref="SiloOptions.Secrets"/>, where it is given.</summary>
    /// <exception cref="StartupException">The directory is not there, or a file in it cannot be read.</exception>
    public static void AddFiles(ConfigurationManager configuration)
    {
        const string key = $"{SiloOptions.Section}:{nameof(SiloOptions.Secrets)}";
        if (configuration[key] is not { Length: > 0 } directory)
            return;
        if (!Directory.Exists(directory))
            throw new StartupException(
                $"The directory '{directory}' of {key} is not there; mount it, or name another."
            );
        try
        {
            configuration.AddKeyPerFile(Path.GetFullPath(directory), optional: false);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"A file in the directory '{directory}' of {key} cannot be read; give the silo's user the right to "
                    + $"read it.",
                inner: unreadable
            );
        }
    }

    /// <summary>Those with a password among the arguments: any user of the machine sees arguments in the list of
    /// processes.</summary>
    /// <param name="arguments">As <c>--Section:Key=value</c>.</param>
    public static IEnumerable<string> In(string[] arguments)
    {
        var given = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        if (given[Database] is { } database && HasPassword(database))
            yield return Database;
        if (given[SecretKey] is { Length: > 0 })
            yield return SecretKey;
    }

    private static bool HasPassword(string database)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(database).Password);
        }
        catch (ArgumentException)
        {
            // Refused elsewhere.
            return false;
        }
    }
}
