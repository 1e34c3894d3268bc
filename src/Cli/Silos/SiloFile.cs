using System.Text.Json;

namespace ComodCluster.Cli.Silos;

/// <summary><c>silo.json</c> in a data directory: the silo that holds it.</summary>
internal sealed record SiloFile(Uri Url, int Pid)
{
    /// <summary>What the file says; null where there is none that can be read.</summary>
    public static SiloFile? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<SiloFile>(
                File.ReadAllText(Path.Combine(directory, "silo.json")),
                JsonSerializerOptions.Web
            );
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
