using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// Turns an uploaded archive or a folder into a pack. The layout is found out: CIFAR-10 or CIFAR-100 binary, CelebA, or
/// class folders.
/// An import that fails or is cancelled leaves nothing behind.
/// </summary>
public static class DatasetImport
{
    /// <param name="archivePath">A .zip, .tar or .tar.gz; its content decides, not its name.</param>
    /// <param name="packPath">Written at the end in one step; replaced if it exists.</param>
    /// <param name="options">Limits, seed, description.</param>
    /// <param name="progress">Told every few images.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <exception cref="InputException"><c>archive-*</c>, <c>dataset-*</c>, <c>image-*</c>: what is wrong with the
    /// upload.</exception>
    public static ImportedDataset FromArchive(
        string archivePath,
        string packPath,
        ImportOptions options,
        IProgress<ImportProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        using var stream = File.OpenRead(archivePath);
        return FromArchive(stream, packPath, options, progress, cancellationToken);
    }

    /// <summary>From an archive that is open already: a seekable stream, which stays open.</summary>
    /// <exception cref="InputException"><c>archive-*</c>, <c>dataset-*</c>, <c>image-*</c>: what is wrong with the
    /// upload.</exception>
    public static ImportedDataset FromArchive(
        Stream archive,
        string packPath,
        ImportOptions options,
        IProgress<ImportProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        using var tree = OpenArchive(archive, FolderOf(packPath), options, cancellationToken);
        return Import(tree, packPath, options, progress, cancellationToken);
    }

    /// <summary>As an archive, from a folder on this machine; symbolic links are refused.</summary>
    /// <exception cref="InputException"><c>folder-missing</c>, <c>archive-*</c>, <c>dataset-*</c>,
    /// <c>image-*</c>.</exception>
    public static ImportedDataset FromFolder(
        string folder,
        string packPath,
        ImportOptions options,
        IProgress<ImportProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        using var tree = new FolderTree(folder, options.Archive, new TextDecoder(options.Encoding));
        return Import(tree, packPath, options, progress, cancellationToken);
    }

    private static FileTree OpenArchive(
        Stream archive,
        string spoolFolder,
        ImportOptions options,
        CancellationToken cancellationToken
    )
    {
        var text = new TextDecoder(options.Encoding);
        Span<byte> start = stackalloc byte[263];
        archive.Position = 0;
        start = start[..archive.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return new TarTree(archive, gzip: true, spoolFolder, options.Archive, text, cancellationToken);
        if (start.Length > 262 && start[257..262].SequenceEqual("ustar"u8))
            return new TarTree(archive, gzip: false, spoolFolder, options.Archive, text, cancellationToken);
        return new ZipTree(archive, options.Archive, text);
    }

    private static ImportedDataset Import(
        FileTree tree,
        string packPath,
        ImportOptions options,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        options.Check();
        var layout = Layout(tree, options);
        layout.Validate(options);
        var partial = $"{packPath}.{Guid.NewGuid():N}.partial";
        try
        {
            DatasetManifest manifest;
            NameSample skipped;
            using (var output = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            using (var writer = new DatasetPackWriter(output, layout.Kind, layout.Names))
            {
                skipped = PackImporter.Import(layout, writer, options, progress, cancellationToken);
                manifest = writer.Complete(options.Source, layout.Superclasses);
                output.Flush(flushToDisk: true);
            }
            File.Move(partial, packPath, overwrite: true);
            return new(manifest, layout.Report with { Skipped = skipped, Notes = Notes(layout.Report, tree, options) });
        }
        finally
        {
            File.Delete(partial); // nothing to do once it was moved
        }
    }

    private static DatasetLayout Layout(FileTree tree, ImportOptions options) =>
        options.Layout switch
        {
            SourceLayout.Cifar => Cifar.TryRead(tree)
                ?? throw LabelFile.Layout("There are no files of CIFAR; leave the layout out to have it found out."),
            SourceLayout.CelebA => CelebA.TryRead(tree, options)
                ?? throw LabelFile.Layout("There is no list of CelebA; leave the layout out to have it found out."),
            null when options.TrainFolder is null => Cifar.TryRead(tree)
                ?? CelebA.TryRead(tree, options)
                ?? ClassFolders.Read(tree, options),
            _ => ClassFolders.Read(tree, options),
        };

    private static string[] Notes(SourceReport report, FileTree tree, ImportOptions options) =>
        [
            .. report.Notes,
            .. tree.Text.AsGiven > 0 ? [$"Names are read as {options.Encoding}."] : (string[])[],
            .. tree.Text.Composed > 0
                ? [$"{tree.Text.Composed:N0} names in decomposed Unicode, as macOS writes it, are composed."]
                : (string[])[],
        ];

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
