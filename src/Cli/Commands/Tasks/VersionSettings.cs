using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>The settings of versions as the command line spells them.</summary>
internal static class VersionSettings
{
    /// <summary>Options without their dashes, with their values; empty for versions that did not keep them.</summary>
    public static IReadOnlyList<(string Option, string Value)> Of(VersionInfo version) =>
        version.Settings is not { } settings
            ? []
            :
            [
                .. from member in JsonSerializer.SerializeToNode(settings, JsonSerializerOptions.Web)!.AsObject()
                where member.Value is not null
                select (JsonNamingPolicy.KebabCaseLower.ConvertName(member.Key), Text(member.Value)),
            ];

    /// <summary>Of each version those that the others do not share, such as <c>steps 300, cut layer3</c>.</summary>
    public static Func<VersionInfo, string> Differing(IReadOnlyCollection<VersionInfo> versions)
    {
        var all = versions.ToDictionary(version => version.Version, Of);
        var kept = all.Values.Count(settings => settings.Count > 0);
        var shared = all
            .Values.SelectMany(settings => settings)
            .GroupBy(setting => setting)
            .Where(same => same.Count() == kept)
            .Select(same => same.Key)
            .ToHashSet();
        return version =>
            string.Join(
                ", ",
                all[version.Version]
                    .Where(setting => !shared.Contains(setting))
                    .Select(setting => $"{setting.Option} {setting.Value}")
            );
    }

    private static string Text(JsonNode value) =>
        value is JsonArray list ? string.Join(',', list.Select(one => $"{one}")) : $"{value}";
}
