using System.Text.Json.Nodes;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>
/// When an object was deleted: a member of its tombstone's payload beside those of its record. Tombstones of earlier
/// builds have none until they are first seen by one that knows of it.
/// </summary>
internal static class DeletionTime
{
    /// <summary>Its text is that of <see cref="CatalogJson.Text"/>.</summary>
    public const string Member = "deletedAt";

    /// <returns>The payload with the time in it.</returns>
    public static string In(string payload, DateTimeOffset time)
    {
        var record = JsonNode.Parse(payload)!.AsObject();
        record[Member] = CatalogJson.Text(time);
        return record.ToJsonString(CatalogJson.Options);
    }
}
