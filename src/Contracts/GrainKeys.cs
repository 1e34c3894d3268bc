namespace ComodCluster.Contracts;

/// <summary>Keys of the grains.</summary>
public static class GrainKeys
{
    public static string Task(string uid) => "task:" + uid;

    public static string Dataset(string uid) => "dataset:" + uid;

    public static string Backbone(string uid) => "backbone:" + uid;

    /// <param name="affinity">Tenant, backbone and data set.</param>
    public static string Plan(string affinity) => "plan:" + affinity;

    public static string Job(string tenant, string id) => $"job:{tenant}/{id}";

    /// <summary>A new uid: UUIDv7, lower-case, so that uids sort by the time they were made.</summary>
    public static string NewUid(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("D");

    /// <summary>The uid in a key.</summary>
    public static string Uid(string key) => key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Tenant and id in the key of a job.</summary>
    public static (string Tenant, string Id) TenantAndId(string key)
    {
        var start = key.IndexOf(':', StringComparison.Ordinal) + 1;
        var slash = key.IndexOf('/', start);
        return (key[start..slash], key[(slash + 1)..]);
    }
}
