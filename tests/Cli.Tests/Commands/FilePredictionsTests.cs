using ComodCluster.Cli.Commands.Files;
using ComodCluster.Cli.Commands.Tasks;
using ComodCluster.Client.Tests;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Commands;

public sealed class FilePredictionsTests : IDisposable
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ask_MoreThanARequestTakes_AsksInSeveralAndKeepsTheOrder()
    {
        for (var i = 0; i < 130; i++)
            Write($"{i:000}.png", 1);
        var server = new ScriptedServer().Json(Answers(64)).Json(Answers(64)).Json(Answers(2));
        var answers = await Ask(server);
        Assert.Equal(
            Enumerable.Range(0, 130).Select(i => $"{i:000}.png"),
            answers.Select(a => Path.GetFileName(a.Image))
        );
        Assert.All(server.Requests, request => Assert.Equal("/v1/tasks/t/predict?partial=true", request.Path));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Ask_LargeFiles_StaysWithinTheBytesOfARequest()
    {
        foreach (var name in (string[])["a", "b", "c"])
            Write(name, 18_000_000);
        var server = new ScriptedServer().Json(Answers(2)).Json(Answers(1));
        Assert.Equal(3, (await Ask(server)).Count);
        Assert.All(server.Requests, request => Assert.InRange(request.Body.Length, 1, 48_100_000));
    }

    [Fact]
    public async Task Ask_BadFilesAmongGoodOnes_AnswersTheOthers()
    {
        Write("1.png", 1);
        Write("2-empty.png", 0);
        Write("3-large.png", 20_000_001);
        Write("4-text.png", 1);
        Write("5.png", 1);
        var server = new ScriptedServer()
            .Json(Answers(1))
            .Json(
                """
                {"task":"t","version":2,"classes":["a","b"],"predictions":[
                  {"label":"","probabilities":[],"error":{"index":0,"code":"image-unreadable","message":"No image."}},
                  {"label":"a","probabilities":[1,0]}]}
                """
            );
        var answers = await Ask(server);
        Assert.Equal(
            ["a", "file", "file", "image-unreadable", "a"],
            answers.Select(answer => answer.Answer?.Label ?? answer.Error?.Code)
        );
        Assert.EndsWith("2-empty.png is empty or no ordinary file: take it out.", answers[1].Error!.Message);
        Assert.Contains("has more than 20 MB", answers[2].Error!.Message);
    }

    private Task<IReadOnlyList<PredictedFile>> Ask(ScriptedServer server) =>
        new FilePredictions(server.Client(), SilentTerminal.Of(out _)).Ask(
            "t",
            UserFiles.Of([_folder.Path]),
            s_cancellation
        );

    private void Write(string name, int bytes) => File.WriteAllBytes(_folder.File(name), new byte[bytes]);

    private static string Answers(int count) =>
        $$"""
            {"task":"t","version":2,"classes":["a","b"],"predictions":[
              {{string.Join(',', Enumerable.Repeat("""{"label":"a","probabilities":[1,0]}""", count))}}]}
            """;
}
