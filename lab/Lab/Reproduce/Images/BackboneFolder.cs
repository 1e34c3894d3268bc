namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// Backbones that were trained before, so that neither the next run nor another process trains them again.
/// </summary>
/// <param name="digest">Digest of everything that they are trained on and by; part of their files' names.</param>
internal sealed class BackboneFolder(DirectoryInfo folder, Func<string> digest)
{
    /// <returns>Weights; null where there are none.</returns>
    public FileInfo? Find(string backbone) => FileOf(backbone) is { Exists: true } file ? file : null;

    /// <param name="write">Writes the weights.</param>
    public async Task Keep(string backbone, Func<Stream, Task> write)
    {
        folder.Create();
        // The file belongs to this process alone until it is whole.
        var part = $"{FileOf(backbone).FullName}.{Environment.ProcessId}.part";
        await using (var file = File.Create(part))
            await write(file);
        File.Move(part, FileOf(backbone).FullName, overwrite: true);
    }

    private FileInfo FileOf(string backbone) =>
        new(Path.Combine(folder.FullName, $"{backbone}-{digest()[..16]}.safetensors"));
}
