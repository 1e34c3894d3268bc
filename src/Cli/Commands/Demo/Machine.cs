using System.Runtime.InteropServices;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>The machine in words, for results.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";
    private const string NvidiaFolder = "/proc/driver/nvidia/gpus";

    public static string Describe() =>
        string.Join(
            ", ",
            [
                Processor(),
                $"{Environment.ProcessorCount} cores",
                .. Gpus(NvidiaFolder),
                RuntimeInformation.OSDescription,
                RuntimeInformation.FrameworkDescription,
            ]
        );

    public static string Processor()
    {
        if (!File.Exists(CpuInfo))
            return RuntimeInformation.ProcessArchitecture.ToString();
        return Value(CpuInfo, "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>The models of NVIDIA's GPUs, each with its number where there are several.</summary>
    /// <param name="folder">The driver's folder, with a folder for each GPU; it need not be there.</param>
    public static IEnumerable<string> Gpus(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        return Directory
            .EnumerateDirectories(folder)
            .Select(gpu => Path.Combine(gpu, "information"))
            .Where(File.Exists)
            .Select(file => Value(file, "Model"))
            .OfType<string>()
            .CountBy(model => model)
            .OrderBy(models => models.Key, StringComparer.Ordinal)
            .Select(models => models.Value == 1 ? models.Key : $"{models.Value} x {models.Key}");
    }

    /// <summary>Value after the colon in the first line that begins with a key; null where there is none.</summary>
    private static string? Value(string file, string key) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : null;
}
