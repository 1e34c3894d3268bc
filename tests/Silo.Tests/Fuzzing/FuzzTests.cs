using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;
using Microsoft.OpenApi;

namespace ComodCluster.Silo.Tests.Fuzzing;

/// <summary>
/// Thousands of requests made from the OpenAPI document, on a real silo: none is answered with an error that nobody
/// foresaw or in another's words, and nothing that was there before is disturbed.
/// </summary>
public partial class FuzzTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int AtOnce = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_2000OfOneSeed_NoneUnforeseen()
    {
        using var folder = new TempFolder();
        await Fuzz(folder.Path, [], seed: 1, count: 2_000);
    }

    [Theory(Explicit = true), Trait("Category", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_100000OfANewSeed_NoneUnforeseen(bool database)
    {
        using var folder = new TempFolder();
        await Fuzz(
            folder.Path,
            database ? DatabaseStartTests.Settings(folder, await postgres.NewDatabase()) : [],
            seed: Environment.TickCount,
            count: 100_000
        );
    }

    private async Task Fuzz(string data, string[] settings, int seed, int count)
    {
        await using var silo = await SiloProcess.Ready(data, settings);
        var client = silo.Client;
        await client.PutTinyTask(RequestFuzzer.Kept);
        Assert.Null((await client.Adapted(RequestFuzzer.Kept, new AdaptRequest { Id = RequestFuzzer.Kept })).Error);
        var asked = TinyWorld.Png(1, 90);
        var answer = await client.Predicted(RequestFuzzer.Kept, asked);

        var fuzzer = new RequestFuzzer(await Described(client), seed);
        var (check, faults) = (new AnswerCheck(data), new ConcurrentDictionary<string, string>());
        var answers = new ConcurrentDictionary<int, int>();
        foreach (var part in Enumerable.Range(0, count).Chunk(250))
        {
            await Parallel.ForEachAsync(
                part,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
                async (number, cancellation) =>
                {
                    var request = fuzzer.Request(number);
                    var (status, wrong) = await Ask(client, request, check, cancellation);
                    answers.AddOrUpdate(status, 1, (_, known) => known + 1);
                    if (wrong is { } fault)
                        faults.TryAdd(Kind().Replace($"{request.Method} {fault}", "*"), request.ToString());
                }
            );
            Assert.False(silo.HasExited, $"The silo has ended before request {part[^1]} of seed {seed}: {silo.Errors}");
            await CancelAll(client);
        }

        output.WriteLine(
            $"Seed {seed}, {count} requests; answers by status: "
                + string.Join(", ", answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"))
        );
        // Not all of them are turned away at the door.
        Assert.InRange(answers.Where(a => a.Key is >= 200 and < 300).Sum(a => a.Value), count / 10, count);
        Assert.True(
            faults.IsEmpty,
            $"Seed {seed}, {faults.Count} kinds of faults:\n{string.Join("\n\n", faults.Take(40).Select(f => $"{f.Key}\n{f.Value}"))}"
        );
        Assert.Contains(
            (await client.Get<IReadOnlyList<VersionInfo>>($"/v1/tasks/{RequestFuzzer.Kept}/versions")),
            version => version.Job == RequestFuzzer.Kept
        );
        await (
            await client.PostJson($"/v1/tasks/{RequestFuzzer.Kept}/activate", new ActivateRequest(1))
        ).ShouldBe<TaskInfo>(HttpStatusCode.OK);
        Assert.Equal(
            answer.Predictions[0].Probabilities,
            (await client.Predicted(RequestFuzzer.Kept, asked)).Predictions[0].Probabilities
        );
    }

    /// <returns>The answer's status, and what is wrong with it.</returns>
    private static async Task<(int Status, string? Fault)> Ask(
        HttpClient client,
        FuzzRequest request,
        AnswerCheck check,
        CancellationToken cancellation
    )
    {
        using var message = request.ToMessage(client.BaseAddress!);
        try
        {
            using var response = await client.SendAsync(
                message,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            var type = response.Content.Headers.ContentType?.MediaType;
            // Events of a job go on until it ends.
            var fault =
                type == "text/event-stream"
                    ? null
                    : check.Fault(response.StatusCode, type, await response.Content.ReadAsByteArrayAsync(cancellation));
            return ((int)response.StatusCode, fault);
        }
        catch (HttpRequestException e)
        {
            return (0, $"no answer: {e.Message}");
        }
    }

    /// <summary>What was accepted by chance may be asked to work for hours.</summary>
    private static async Task CancelAll(HttpClient client)
    {
        for (var after = ""; after is not null; )
        {
            var page = await client.Get<Page<JobInfo>>($"/v1/jobs?limit=1000&after={Uri.EscapeDataString(after)}");
            foreach (var job in page.Items.Where(j => !j.IsFinished))
                using (await client.PostAsync($"/v1/jobs/{Uri.EscapeDataString(job.Id)}/cancel", null, Cancellation))
                { }
            after = page.Next;
        }
    }

    private static async Task<OpenApiDocument> Described(HttpClient client)
    {
        using var json = new MemoryStream(await client.GetByteArrayAsync("/openapi/v1.json", Cancellation));
        return (await OpenApiDocument.LoadAsync(json, "json", null, Cancellation)).Document!;
    }

    /// <summary>What differs between faults of one kind.</summary>
    [GeneratedRegex("'[^']*'|\"[^\"]*\"|[0-9]+")]
    private static partial Regex Kind();
}
