using ComodCluster.Client;
using ComodCluster.Infrastructure.Linux;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>Predictions of a hundred megabytes come to a gateway with little room for bodies.</summary>
internal static class BodyDrill
{
    /// <summary>Bytes of an image: an image with nothing of use behind it.</summary>
    private const int Image = 19_000_000,
        Budget = 200_000_000;

    /// <summary>A body costs a gateway twice its bytes, and as much again on its way; the rest is not collected
    /// yet.</summary>
    private const long MostTimes = 6;

    public static async Task Run(DrillReport report, CancellationToken stop)
    {
        await using var cluster = await ChaosCluster.Start(
            workers: 1,
            gateways: 1,
            apart: false,
            stop,
            [$"--Comod:Admission:BodyBytes={Budget}"]
        );
        var world = await ChaosWorld.Make(cluster.Addresses[0], stop);
        using var client = ComodClient.Connect(cluster.Addresses[0]);
        await client.Register("task", stop);
        await client.Tasks.Predict("task", [world.Images[0]], stop);
        var (gateway, worker) = (cluster.Find("gateway-1")!, cluster.Find("worker-1")!);
        var before = (Gateway: ProcessFigures.PeakBytes(gateway.Id), Worker: ProcessFigures.PeakBytes(worker.Id));

        var one = await Send(gateway.Url, world, images: 6, count: 1, stop);
        report.Expect(one is ["413"], $"one body of 114 MB: {string.Join(' ', one)}");
        var ten = await Send(gateway.Url, world, images: 6, count: 10, stop);
        report.Expect(ten.All(s => s == "413"), $"ten at once: {string.Join(' ', ten)}");
        var thirty = await Send(gateway.Url, world, images: 5, count: 30, stop);
        report.Expect(
            thirty.All(s => s is "200" or "429") && thirty.Contains("200"),
            $"thirty of 95 MB at once: {string.Join(", ", thirty.CountBy(s => s).Select(s => $"{s.Value} x {s.Key}"))}"
        );

        report.Expect(!gateway.HasExited && !worker.HasExited, "neither gateway nor worker is declared dead");
        report.Expect(
            (await client.Tasks.Predict("task", [world.Images[0]], stop)).Version == 0,
            "a small prediction is answered"
        );
        var (more, moreOfWorker) = (
            ProcessFigures.PeakBytes(gateway.Id) - before.Gateway,
            ProcessFigures.PeakBytes(worker.Id) - before.Worker
        );
        report.Expect(
            more < MostTimes * Budget && moreOfWorker < MostTimes * Budget,
            $"of {Budget / 1_000_000} MB for bodies the gateway took at most {more / 1_000_000} MB and the worker "
                + $"{moreOfWorker / 1_000_000} MB"
        );
    }

    /// <summary>Bodies at once.</summary>
    /// <returns>Their statuses, or what broke.</returns>
    private static async Task<string[]> Send(
        Uri gateway,
        ChaosWorld world,
        int images,
        int count,
        CancellationToken stop
    )
    {
        using var http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.ExpectContinue = true;
        var image = new byte[Image];
        world.Images[0].CopyTo(image, 0);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(Once, stop)));

        async Task<string> Once()
        {
            using var content = new MultipartFormDataContent();
            for (var i = 0; i < images; i++)
                content.Add(new ByteArrayContent(image), $"image-{i}", $"image-{i}");
            try
            {
                using var answer = await http.PostAsync("v1/tasks/task/predict", content, stop);
                return $"{(int)answer.StatusCode}";
            }
            catch (HttpRequestException e)
            {
                return e.HttpRequestError.ToString();
            }
        }
    }
}
