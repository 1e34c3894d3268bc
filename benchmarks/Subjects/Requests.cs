using System.Diagnostics;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>Requests of one image each, as many in flight as keep every batch full.</summary>
/// <param name="engine">Answers them.</param>
/// <param name="images">Encoded; requests take them in turns.</param>
internal sealed class Requests(LoadedEngine engine, IReadOnlyList<byte[]> images)
{
    private const int InFlight = 256;

    public static Requests Of(LoadedEngine engine, DatasetPack pack) =>
        new(engine, [.. Enumerable.Range(0, pack.Count).Select(i => pack.ReadImage(i).ToArray())]);

    public IReadOnlyList<byte[]> Images => images;

    /// <param name="task">Task of each request.</param>
    /// <returns>Seconds until the last answer.</returns>
    public double Seconds(int count, Func<int, ServedTask> task)
    {
        var start = Stopwatch.GetTimestamp();
        var next = -1;
        Task.WhenAll(
                Enumerable
                    .Range(0, InFlight)
                    .Select(async _ =>
                    {
                        for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                            await Predict(task(i), i);
                    })
            )
            .GetAwaiter()
            .GetResult();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>One request alone.</summary>
    public double Alone(Func<ServedTask> task, int image)
    {
        var start = Stopwatch.GetTimestamp();
        Predict(task(), image).GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private Task Predict(ServedTask task, int image) =>
        engine.Engine.Predict(task, [images[image % images.Count]], "", CancellationToken.None);
}
