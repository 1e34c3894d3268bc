using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Cluster;

namespace ComodCluster.Silo.Tests;

/// <summary>The calls of a usual day.</summary>
internal static class SiloCalls
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static HttpContent Bytes(byte[] bytes, string type = "application/octet-stream") =>
        new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    public static async Task<BackboneInfo> PutTinyBackbone(this HttpClient client, string name) =>
        await (
            await client.PutAsync($"/v1/backbones/{name}", Bytes(TinyWorld.Weights), Cancellation)
        ).ShouldBe<BackboneInfo>(HttpStatusCode.Created);

    /// <summary>Uploads and waits for the import.</summary>
    public static async Task<JobInfo> PutDataset(this HttpClient client, string name, byte[] archive) =>
        await client.Ended(
            await client.PutAsync($"/v1/datasets/{name}", Bytes(archive, "application/zip"), Cancellation)
        );

    /// <summary>A backbone, a data set and a task on them, all of one name.</summary>
    public static async Task<TaskInfo> PutTinyTask(this HttpClient client, string name, params string[] classes)
    {
        await client.PutTinyBackbone(name);
        Assert.Null((await client.PutDataset(name, TinyWorld.Archive(20, classes))).Error);
        var response = await client.PostJson(
            "/v1/tasks",
            new TaskSpec
            {
                Name = name,
                Backbone = name,
                Dataset = name,
                Options = new MethodOptions
                {
                    Cut = "layer1",
                    Grid = 4,
                    Steps = 20,
                    Batch = 8,
                },
            }
        );
        return await response.ShouldBe<TaskInfo>(HttpStatusCode.Created);
    }

    /// <summary>The job that was accepted, at its end.</summary>
    public static async Task<JobInfo> Ended(this HttpClient client, HttpResponseMessage accepted)
    {
        var job = await accepted.ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        Assert.Equal($"/v1/jobs/{job.Id}", accepted.Headers.Location?.OriginalString);
        return (await client.Events(job.Id)).Last().Data;
    }

    public static async Task<JobInfo> Adapted(this HttpClient client, string task, AdaptRequest request) =>
        await client.Ended(await client.PostJson($"/v1/tasks/{task}/adapt", request));

    /// <summary>All events of a job until it ends.</summary>
    public static async Task<List<SseItem<JobInfo>>> Events(this HttpClient client, string job)
    {
        using var response = await client.GetAsync(
            $"/v1/jobs/{job}/events",
            HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );
        return await response.Jobs(Cancellation).ToListAsync(Cancellation);
    }

    /// <summary>
    /// The first state of a job that is as wanted, told by its events; they are asked for again where its silo goes.
    /// </summary>
    public static async Task<JobInfo> When(this HttpClient client, string job, Func<JobInfo, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        return (await TestCluster.Until(First, state => state is not null))!;

        async Task<JobInfo?> First()
        {
            using var response = await client.GetAsync(
                $"/v1/jobs/{job}/events",
                HttpCompletionOption.ResponseHeadersRead,
                patience.Token
            );
            if (!response.IsSuccessStatusCode)
                return null;
            await foreach (var state in response.Jobs(patience.Token))
            {
                if (wanted(state.Data))
                    return state.Data;
                Assert.False(state.Data.IsFinished, $"The job {job} ended and was never as wanted: {state.Data}");
            }
            return null;
        }
    }

    /// <summary>A job's last state.</summary>
    public static Task<JobInfo> End(this HttpClient client, string job) => client.When(job, j => j.IsFinished);

    private static async IAsyncEnumerable<SseItem<JobInfo>> Jobs(
        this HttpResponseMessage events,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType?.MediaType);
        await using var stream = await events.Content.ReadAsStreamAsync(cancellation);
        var parser = SseParser.Create(
            stream,
            (_, data) => JsonSerializer.Deserialize<JobInfo>(data, JsonSerializerOptions.Web)!
        );
        await foreach (var state in parser.EnumerateAsync(cancellation))
            yield return state;
    }

    public static async Task<PredictResponse> Predicted(this HttpClient client, string task, params byte[][] images) =>
        await (await client.Predict(task, images)).ShouldBe<PredictResponse>(HttpStatusCode.OK);

    public static async Task<HttpResponseMessage> Predict(this HttpClient client, string task, params byte[][] images)
    {
        using var form = new MultipartFormDataContent();
        foreach (var image in images)
            form.Add(Bytes(image, "image/png"), "image", "image.png");
        return await client.PostAsync($"/v1/tasks/{task}/predict", form, Cancellation);
    }

    public static async Task<T> Get<T>(this HttpClient client, string path) =>
        await client.GetFromJsonAsync<T>(path, JsonSerializerOptions.Web, Cancellation)
        ?? throw new InvalidOperationException($"{path} answered null.");
}
