using ComodCluster.Infrastructure.Linux;

namespace ComodCluster.Lab.Chaos.Soaks;

/// <summary>A silo at one moment.</summary>
/// <param name="Seconds">Since the load began.</param>
/// <param name="Database">Bytes of the catalog and its log.</param>
/// <param name="Blobs">Bytes of the blobs.</param>
/// <param name="Tasks">That were registered, adapted, asked and deleted by then.</param>
internal sealed record SoakSample(
    double Seconds,
    long Memory,
    int Handles,
    int Threads,
    long Database,
    long Blobs,
    int Tasks,
    int Predictions
)
{
    public static SoakSample Of(int process, string data, double seconds, int tasks, int predictions) =>
        new(
            seconds,
            ProcessFigures.ResidentBytes(process),
            ProcessFigures.Handles(process),
            ProcessFigures.Threads(process),
            Bytes(data, "catalog.db*", SearchOption.TopDirectoryOnly),
            Bytes(Path.Combine(data, "blobs"), "*", SearchOption.AllDirectories),
            tasks,
            predictions
        );

    private static long Bytes(string folder, string pattern, SearchOption option)
    {
        // What goes while it is counted has no bytes.
        long bytes = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(pattern, option))
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException) { }
        return bytes;
    }
}
