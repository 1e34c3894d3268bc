using System.Globalization;
using System.Text;
using ComodCluster.Silo.Configuration;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Documents;

public class ConfigurationPageTests
{
    private const string Introduction = """
        # Configuration of a silo

        Made from the options classes in `src/Silo/Configuration` and compared with them by a test.

        A key is given as `--Comod:Key=VALUE`, as environment variable `Comod__Key` (two underscores for each colon) or
        in `appsettings.json` beside the program; the first of these counts. A silo does not start with a key that is
        not listed here, nor with a value that it does not take: it ends with exit code 1 and one list of all that is
        wrong. Every key has been there since 0.1, the first version.

        """;

    [Fact]
    public Task Page_IsWhatTheOptionsSay() => GeneratedPage.Check("configuration.md", Page());

    private static string Page()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var section in Setting.All.GroupBy(setting => setting.Property.DeclaringType!))
        {
            var key = section.First().Key;
            page.Append(
                CultureInfo.InvariantCulture,
                $"\n## {key[..key.LastIndexOf(':')]}\n\n{Summaries.OfSection(section.Key)}\n\n"
            );
            page.Append("| key | type | takes | default | what it is |\n|---|---|---|---|---|\n");
            var defaults = Activator.CreateInstance(section.Key)!;
            foreach (var setting in section)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{setting.Key}{(setting.IsMap ? ":NAME" : "")}` | {TypeOf(setting)} | {setting.Takes} | "
                        + $"{DefaultOf(setting, defaults)} | {Summaries.Of(setting.Property)} |\n"
                );
        }
        return page.ToString();
    }

    private static string TypeOf(Setting setting) =>
        setting.Type == typeof(string) ? "text"
        : setting.Type == typeof(bool) ? "boolean"
        : setting.Type == typeof(double) ? "number"
        : "whole number";

    private static string DefaultOf(Setting setting, object defaults) =>
        setting.Default
        ?? setting.Property.GetValue(defaults) switch
        {
            null or "" => "none",
            string text => $"`{text}`",
            long bytes when bytes > 0 && bytes % (1 << 30) == 0 => $"{bytes >> 30} GiB ({bytes})",
            long bytes when bytes > 0 && bytes % 1_000_000 == 0 => $"{bytes / 1_000_000} MB ({bytes})",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
