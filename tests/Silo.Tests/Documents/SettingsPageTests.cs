using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Tasks;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Documents;

/// <summary>
/// What is made from the table of settings: docs/settings.md, and the file that carries the table to comod, which links
/// no engine.
/// </summary>
public class SettingsPageTests
{
    private const string Introduction = """
        # Settings of an adaptation

        Made from `src/Engine/Tasks/SettingTable.cs` and compared with it by a test.

        They are the members of `options` when a task is registered or adapted (`POST /v1/tasks`, `POST /v1/tasks/{name}/adapt`)
        and options of `comod task create`, `comod task adapt` and `comod plan`. What a request names counts before what the
        task was registered with, and that before the default. A value out of its range is refused with 422 `settings-invalid`,
        a setting that [was removed](decisions/0016-removed-settings.md) with 400 `settings-removed`.

        | setting | option of comod | what it is | values | default | has an effect with | since |
        |---|---|---|---|---|---|---|

        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    [Fact]
    public Task Page_IsWhatTheTableSays()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var s in SettingTable.All)
        {
            page.Append(
                $"| `{s.Name}` | `--{s.Option}` | {Cell(s.Doc)} | {s.Range}{(s.Unit is null ? "" : $" {s.Unit}")} | "
                    + $"{s.Default} | {s.Applies ?? "all"} | {s.Since} |\n"
            );
        }
        return GeneratedPage.Check("settings.md", page.ToString());
    }

    [Fact]
    public Task FileOfComod_IsWhatTheTableSays() =>
        GeneratedPage.Check(
            "../src/Cli/Commands/Tasks/settings.json",
            JsonSerializer.Serialize(
                SettingTable.All.Select(s => new
                {
                    s.Name,
                    s.Option,
                    s.Type,
                    s.Doc,
                    s.Default,
                    s.Least,
                    s.Most,
                    Choices = s.Choices.Count > 0 ? s.Choices : null,
                }),
                s_json
            ) + "\n"
        );

    [Fact]
    public void Table_HasEveryMemberOfTheApiAndNoOther() =>
        Assert.Equal(
            typeof(MethodOptions).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order(),
            SettingTable.All.Select(s => s.Name).Order()
        );

    [Fact]
    public void Table_DefaultsAndChoices_AreWithinTheRanges()
    {
        Assert.All(Enum.GetValues<Engine.Tasks.Method>(), method => TaskSettings.For(method).Validate());
        Assert.Equal(SettingTable.All.Count, SettingTable.All.Select(s => s.Option).Distinct().Count());
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
