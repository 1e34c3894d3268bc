using ComodCluster.Api.Jobs;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data.Sources;

/// <summary>
/// An archive from standard input, in a temporary file: its digest is asked before its bytes, and these may have to be
/// sent again.
/// </summary>
internal sealed class InputSource : ArchiveSource
{
    private readonly ArchiveSource _copy;
    private readonly DirectoryInfo _folder;

    private InputSource(ArchiveSource copy, DirectoryInfo folder)
        : base("input", copy.Digest, copy.Bytes) => (_copy, _folder) = (copy, folder);

    /// <exception cref="UsageException">There is nothing on it.</exception>
    public static async Task<ArchiveSource> Read(Stream input, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("comod-");
        try
        {
            var file = new FileInfo(Path.Combine(folder.FullName, "input.zip"));
            await using (var copy = file.Create())
                await input.CopyToAsync(copy, cancellation);
            return file.Length == 0
                ? throw new UsageException("Standard input is empty: pipe a zip into the command.")
                : new InputSource(await FileSource.Read(file, cancellation), folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public override Task<JobInfo> Send(
        DatasetClient datasets,
        DatasetImport upload,
        IProgress<long> sent,
        CancellationToken cancellation
    ) => _copy.Send(datasets, upload, sent, cancellation);

    public override void Dispose()
    {
        _folder.Delete(recursive: true);
        base.Dispose();
    }
}
