using ComodCluster.Engine;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>Marks a data directory from the first to the last step of a restore: a silo does not start on half of
/// one.</summary>
public static class UnfinishedRestore
{
    private const string Name = "restore-unfinished";

    /// <summary>Makes the directory, or takes an empty one.</summary>
    /// <exception cref="InputException">restore-target: it is not empty; directory-unwritable.</exception>
    public static void Begin(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            Refuse(directory);
            if (Directory.EnumerateFileSystemEntries(directory).Any())
                throw BackupFaults.Target(
                    $"The data directory '{directory}' is not empty; name a new one with --data-dir."
                );
            File.WriteAllText(PathIn(directory), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                "directory-unwritable",
                $"The data directory '{directory}' cannot be written ({e.Message.TrimEnd('.')}); name another one with "
                    + $"--data-dir.",
                e
            );
        }
    }

    /// <summary>Deletes all that was made since <see cref="Begin"/>.</summary>
    public static void Undo(string directory)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.EnumerateFiles(directory).OrderBy(file => Path.GetFileName(file) == Name))
            File.Delete(file);
    }

    /// <summary>A silo may start on it from now on; once everything in it is closed.</summary>
    public static void End(string directory) => File.Delete(PathIn(directory));

    /// <exception cref="InputException">restore-target: a restore was cut short here.</exception>
    public static void Refuse(string directory)
    {
        if (File.Exists(PathIn(directory)))
            throw BackupFaults.Target(
                $"The data directory '{directory}' holds a restore that was cut short; delete what is in it, and what "
                    + $"the restore put into a database and a place of blobs of their own, then restore again."
            );
    }

    private static string PathIn(string directory) => Path.Combine(directory, Name);
}
