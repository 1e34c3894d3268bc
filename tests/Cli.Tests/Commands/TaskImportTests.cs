using System.Text;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Tasks;
using ComodCluster.Client.Tests;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Commands;

public sealed class TaskImportTests : IDisposable
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_MoreThanAThousand_SendsAThousandAtATime()
    {
        var server = new ScriptedServer().Json(Results(1000)).Json(Results(1));
        Assert.Equal(0, await Import(server, Enumerable.Range(0, 1001).Select(Line), out _));
        Assert.Equal(["/v1/tasks/bulk", "/v1/tasks/bulk"], server.Requests.Select(r => r.Path));
        Assert.Equal(
            [1000, 1],
            server.Requests.Select(r => Encoding.UTF8.GetString(r.Body).Split("\"name\"").Length - 1)
        );
    }

    [Fact]
    public async Task Run_RefusedTask_IsNamedByItsLineAndExitsWith1()
    {
        var server = new ScriptedServer().Json(
            """{"results":[{"name":"t-0"},{"name":"t-1","error":{"code":"name-taken","message":"There is one."}}]}"""
        );
        Assert.Equal(1, await Import(server, [Line(0), "", Line(1)], out var said));
        Assert.Contains("tasks.jsonl:3: name-taken: There is one.", said());
    }

    [Theory]
    [InlineData("tasks.jsonl:2 is no task", "{\"name\":\"t-0\",\"backbone\":\"b\",\"dataset\":\"d\"}", "{\"name\":")]
    [InlineData("There is no task in tasks.jsonl", " ")]
    public async Task Run_FileThatIsNoList_SaysWhere(string sentence, params string[] lines)
    {
        var failure = await Assert.ThrowsAsync<UsageException>(() => Import(new ScriptedServer(), lines, out _));
        Assert.Contains(sentence, failure.Message);
    }

    private Task<int> Import(ScriptedServer server, IEnumerable<string> lines, out Func<string> said)
    {
        var file = new FileInfo(_folder.File("tasks.jsonl"));
        File.WriteAllLines(file.FullName, lines);
        var terminal = SilentTerminal.Of(out var error);
        said = error.ToString;
        return new TaskImport(server.Client(), terminal).Run(file, s_cancellation);
    }

    private static string Line(int i) => $$"""{"name":"t-{{i}}","backbone":"b","dataset":"d"}""";

    private static string Results(int count) =>
        $$"""{"results":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"name":"t-{{i}}"}"""))}}]}""";
}
