namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// The file system as the blob store uses it. Every method throws IOException or UnauthorizedAccessException as the
/// disk does.
/// </summary>
public interface IBlobFiles
{
    /// <summary>A new file that nobody else has open.</summary>
    Stream Create(string path);

    /// <summary>Seekable; other readers, and a rename or deletion by this process, are allowed meanwhile.</summary>
    /// <exception cref="FileNotFoundException"/>
    /// <exception cref="DirectoryNotFoundException"/>
    Stream OpenRead(string path);

    /// <summary>Returns once the file's bytes are on the disk.</summary>
    void Sync(Stream created);

    /// <summary>
    /// Replaces in one step, makes the target's directory, and returns once the new name is on the disk.
    /// </summary>
    void Move(string from, string to);

    /// <summary>Does nothing where there is no such file.</summary>
    void Delete(string path);

    /// <summary>Time of the last write; null where there is no such file.</summary>
    DateTimeOffset? Written(string path);

    /// <summary>Bytes; null where there is no such file.</summary>
    long? Length(string path);

    /// <summary>All files below a directory; none where it is missing.</summary>
    IEnumerable<string> All(string directory);
}
