using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data.Sources;

/// <summary>An archive that is uploaded, from wherever its bytes come.</summary>
/// <param name="name">What it is called on the terminal; names of data sets are made of it.</param>
/// <param name="digest">SHA-256 of its bytes.</param>
/// <param name="bytes">Length.</param>
internal abstract class ArchiveSource(string name, string digest, long bytes) : IDisposable
{
    public string Name => name;
    public string Digest => digest;
    public long Bytes => bytes;

    /// <summary>A zip, a folder or files by a pattern, which are packed, or standard input.</summary>
    /// <exception cref="FileException">It cannot be read, or a file in it cannot be packed.</exception>
    public static async Task<ArchiveSource> Of(string word, Terminal terminal, CancellationToken cancellation)
    {
        if (word == UserFile.StandardInput)
            return await InputSource.Read(Console.OpenStandardInput(), cancellation);
        if (Directory.Exists(word))
        {
            var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(word)));
            return await FolderSource.Read(folder.Name, () => FolderFiles.Of(folder), terminal, cancellation);
        }
        if (!File.Exists(word) && FilePattern.Of(word) is { } pattern)
            return await FolderSource.Read(pattern.Root.Name, pattern.Files, terminal, cancellation);
        return await FileSource.Read(new FileInfo(word), cancellation);
    }

    /// <param name="upload">Name of the data set, seed and id of the job.</param>
    /// <param name="sent">Told the bytes sent so far.</param>
    /// <returns>The job that imports it.</returns>
    public abstract Task<JobInfo> Send(
        DatasetClient datasets,
        DatasetImport upload,
        IProgress<long> sent,
        CancellationToken cancellation
    );

    public virtual void Dispose() { }
}
