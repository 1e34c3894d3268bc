using ComodCluster.Api.Jobs;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data.Sources;

/// <summary>An archive that is a file.</summary>
internal sealed class FileSource : ArchiveSource
{
    private readonly FileInfo _file;

    private FileSource(FileInfo file, string digest)
        : base(file.Name, digest, file.Length) => _file = file;

    public static async Task<ArchiveSource> Read(FileInfo file, CancellationToken cancellation) =>
        new FileSource(file, await Digests.OfFile(file, cancellation));

    public override Task<JobInfo> Send(
        DatasetClient datasets,
        DatasetImport upload,
        IProgress<long> sent,
        CancellationToken cancellation
    ) => datasets.Upload(upload.Name, _file.OpenRead, upload.Seed, upload.Job, sent, upload.Settings, cancellation);
}
