using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data.Sources;

/// <summary>
/// Files that are packed while they are sent, never all in memory nor in a second copy. They are read twice: the digest
/// of the archive is asked before its bytes, and it tells whether they changed in between.
/// </summary>
internal sealed class FolderSource : ArchiveSource
{
    private readonly Func<IReadOnlyList<UserFile>> _list;

    private FolderSource(string name, Func<IReadOnlyList<UserFile>> list, DigestStream packed)
        : base(name, packed.Digest(), packed.Length) => _list = list;

    /// <param name="list">Lists the files anew.</param>
    /// <exception cref="FileException">A file cannot be packed.</exception>
    public static async Task<ArchiveSource> Read(
        string name,
        Func<IReadOnlyList<UserFile>> list,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var files = list();
        await using var packed = await ByteBar.Show(
            terminal,
            $"Reading {name}",
            async moved =>
            {
                var total = files.Sum(file => file.Bytes);
                var digest = new DigestStream(Stream.Null, bytes => moved(new(Math.Min(bytes, total), total)));
                await Packing.Write(files, digest, cancellation);
                return digest;
            }
        );
        return new FolderSource(name, list, packed);
    }

    public override Task<JobInfo> Send(
        DatasetClient datasets,
        DatasetImport upload,
        IProgress<long> sent,
        CancellationToken cancellation
    ) =>
        datasets.Upload(
            upload.Name,
            async (target, stop) =>
            {
                await using var packed = new DigestStream(target, sent.Report);
                await Packing.Write(_list(), packed, stop);
                // The request is not ended yet: the server drops what it has.
                if (packed.Digest() != Digest)
                    throw new FileException(
                        $"The files of {Name} changed while they were sent: do the same again when nothing writes "
                            + "there."
                    );
            },
            upload.Seed,
            upload.Job,
            upload.Settings,
            cancellation
        );
}
