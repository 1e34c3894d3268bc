using System.Globalization;

namespace ComodCluster.Infrastructure.Linux;

/// <summary>A file system of a few hundred megabytes in memory, which can be filled. Needs root.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    /// <param name="folder">Made if it is missing.</param>
    public static async Task<SmallDisk> Mount(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        await ShellCommand.Run(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"),
            "tmpfs",
            folder
        );
        return new(folder);
    }

    /// <summary>Until nothing more fits.</summary>
    public async Task Fill()
    {
        var block = new byte[1 << 16];
        await using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        while (block.Length > 1)
        {
            try
            {
                await file.WriteAsync(block);
            }
            catch (IOException)
            {
                block = block[..(block.Length / 2)];
            }
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync() => await ShellCommand.Try("umount", "--lazy", Folder);
}
