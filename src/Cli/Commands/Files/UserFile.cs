namespace ComodCluster.Cli.Commands.Files;

/// <summary>A file that the user named, by itself, by a pattern or by its folder.</summary>
/// <param name="Name">With forward slashes; of a folder's file: relative to the folder.</param>
/// <param name="Bytes">Its length when it was found.</param>
/// <param name="Fault">Why it cannot be taken, with the fix, as the rest of a sentence that begins with the name; null
/// where it can.</param>
internal sealed record UserFile(string Name, string Path, long Bytes, string? Fault = null)
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    public static UserFile Of(FileInfo file, string name) => new(name, file.FullName, file.Length, FaultOf(file));

    /// <summary>Opens it for reading from its start.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public Stream Open() =>
        Path == StandardInput
            ? Console.OpenStandardInput()
            : Read(() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, true));

    /// <summary>Runs a read of it, and says which file failed.</summary>
    /// <exception cref="FileException">It failed.</exception>
    public T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    /// <inheritdoc cref="Read{T}(Func{T})"/>
    public async Task<T> Read<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private FileException Unreadable(Exception cause) =>
        new(
            cause is FileNotFoundException or DirectoryNotFoundException
                ? $"{Name} went away while it was read: do the same again when nothing writes there."
                : $"{Name} cannot be read: give yourself the right to read it, or take it out.",
            cause
        );

    private static string? FaultOf(FileInfo file) =>
        file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.LinkTarget is not null
            ? "is a link: put the file itself in its place"
        // Pipes, sockets and devices have no length; to open one may wait for ever.
        : file.Length == 0 ? "is empty or no ordinary file: take it out"
        : null;
}
