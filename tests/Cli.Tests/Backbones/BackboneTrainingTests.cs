using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands.Backbones;
using Microsoft.AspNetCore.Http;

namespace ComodCluster.Cli.Tests.Backbones;

public sealed class BackboneTrainingTests
{
    private static readonly TrainBackboneRequest s_request = new() { Name = "parts", Dataset = "images" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartOrResume_FirstAttemptFailedAndWasPurged_IsTheJobThatTheBackboneNames()
    {
        var catalog = new Server();
        await using var web = await WebServer.Start(catalog.Answer);
        using var client = web.Client();
        var training = new BackboneTraining(client);
        var first = await training.StartOrResume(s_request, Cancellation);
        var second = $"{first.Id}-2";
        catalog.Jobs.Clear();
        catalog.Jobs[second] = Server.Job(second);
        catalog.Backbone = second;

        Assert.Equal(second, (await training.StartOrResume(s_request, Cancellation)).Id);
        Assert.Equal(1, catalog.Started);
    }

    /// <summary>Has jobs, and a backbone that names one of them.</summary>
    private sealed class Server
    {
        public Dictionary<string, JobInfo> Jobs { get; } = [];

        public string? Backbone { get; set; }

        public int Started { get; private set; }

        public static JobInfo Job(string id) =>
            new()
            {
                Id = id,
                Kind = JobKind.Train,
                Phase = JobPhase.Succeeded,
                Subject = s_request.Name,
                Progress = 1,
                Created = DateTimeOffset.UnixEpoch,
            };

        public async Task Answer(HttpContext context)
        {
            var last = context.Request.Path.Value!.Split('/')[^1];
            if (HttpMethods.IsPost(context.Request.Method))
            {
                var asked = (await context.Request.ReadFromJsonAsync<TrainBackboneRequest>(Cancellation))!;
                Started++;
                await context.Response.WriteAsJsonAsync(Jobs[asked.JobId!] = Job(asked.JobId!));
            }
            else if (Jobs.TryGetValue(last, out var job))
                await context.Response.WriteAsJsonAsync(job);
            else if (last == s_request.Name && Backbone is { } made)
                await context.Response.WriteAsJsonAsync(
                    new BackboneInfo
                    {
                        Uid = "uid",
                        Name = last,
                        Phase = BackbonePhase.Ready,
                        Job = made,
                        Created = DateTimeOffset.UnixEpoch,
                    }
                );
            else
            {
                context.Response.StatusCode = 404;
                await context.Response.WriteAsJsonAsync(new { code = ErrorCodes.NotFound, detail = "There is none." });
            }
        }
    }
}
