using System.Text.Json;
using System.Text.Json.Serialization;

namespace ComodCluster.Silo.Hosting;

/// <summary><c>silo.json</c> in the data directory: where the process that holds the directory answers.</summary>
public sealed record SiloAddressFile(
    [property: JsonPropertyName("url")] string Url,
    [property: JsonPropertyName("pid")] int Pid
)
{
    public const string Name = "silo.json";

    /// <summary>Replaces the file in one step, so that a reader never sees half of it.</summary>
    public void Write(string directory)
    {
        var path = Path.Combine(directory, Name);
        var draft = path + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(this));
        File.Move(draft, path, overwrite: true);
    }

    public static void Remove(string directory) => File.Delete(Path.Combine(directory, Name));
}
