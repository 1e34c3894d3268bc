using System.Text.Json;

namespace ComodCluster.Grains.Storage.Identity;

/// <summary>
/// The file beside the blobs that remembers how many writes the catalog had. It may lag behind the catalog and never
/// leads.
/// </summary>
/// <param name="Writes">The most that were seen.</param>
/// <param name="At">When; only to be shown: it is of a silo's clock.</param>
/// <param name="Lost">How many of them a running silo found missing; stays until an operator accepts it.</param>
internal sealed record SeenWrites(long Writes, DateTimeOffset At, long Lost = 0)
{
    public const string FileName = "comod-writes";

    public string ToText() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <returns>Null for a text that is none of these.</returns>
    public static SeenWrites? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SeenWrites>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
