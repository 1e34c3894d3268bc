using ComodCluster.Cli.Commands.Downloads;
using ComodCluster.Cli.Commands.Files;

namespace ComodCluster.Cli.Commands.Backbones;

/// <summary>Weights that are published somewhere, brought into a folder of the user's.</summary>
internal sealed class WeightsDownload(Terminal terminal, string folder)
{
    /// <summary>No silo reads larger ones.</summary>
    private const long MaxBytes = int.MaxValue;

    public static string DefaultFolder()
    {
        var home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );
        return Path.Combine(home.Length == 0 ? Path.GetTempPath() : home, "comod-downloads");
    }

    /// <summary>Downloads the file, or finds what an earlier run left of it.</summary>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    /// <returns>The whole file, to be deleted when it is no more needed.</returns>
    /// <exception cref="DownloadException">It is told what to do.</exception>
    public async Task<PartFile> Bring(Uri url, string sha256, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var part = new PartFile(Path.Combine(folder, $"{sha256}.part"));
        var source = new DownloadSource(url, Checksum.Sha256(sha256), "--url", "--sha256", MaxBytes);
        try
        {
            using var http = Download.NewHttp(url);
            await new Download(http, terminal).Bring(source, part, cancellation);
            return part;
        }
        catch (IOException e) when (FullDisk.Is(e))
        {
            throw new DownloadException(
                "disk-full",
                $"The disk of {folder} is full: free some space and repeat the command, it goes on where it stopped.",
                e
            );
        }
    }
}
