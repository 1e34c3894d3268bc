using System.Text.Json.Serialization;

namespace ComodCluster.Cli.Commands;

/// <summary>Values as people read them.</summary>
internal static class Format
{
    public static string Share(double? share) => share is { } value ? $"{value:0.000}" : "-";

    public static string Bytes(long bytes) =>
        bytes switch
        {
            < 1024 => $"{bytes} B",
            < 1 << 20 => $"{bytes / 1024.0:0.0} KB",
            < 1 << 30 => $"{bytes / 1048576.0:0.0} MB",
            _ => $"{bytes / 1073741824.0:0.0} GB",
        };

    public static string Time(DateTimeOffset? time) =>
        time is { } value ? value.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss") : "";

    /// <summary>As the API writes it.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum =>
        typeof(T).GetField(value.ToString())?.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), false)
            is [JsonStringEnumMemberNameAttribute named]
            ? named.Name
            : value.ToString().ToLowerInvariant();
}
