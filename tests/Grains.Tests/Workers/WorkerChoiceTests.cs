using ComodCluster.Grains.Workers;

namespace ComodCluster.Grains.Tests.Workers;

public class WorkerChoiceTests
{
    private static readonly string[] Names = ["worker-1", "worker-2", "worker-3"];

    [Fact]
    public void ForTask_AThousandOverFewAffinities_StaysWithinTheBoundAndTogether()
    {
        var tasks = new int[Names.Length];
        var places = new Dictionary<string, HashSet<int>>();
        for (var i = 0; i < 1000; i++)
        {
            var affinity = $"default/backbone/data-{i % 8}";
            var chosen = WorkerChoice.ForTask(affinity, Loads(tasks));
            tasks[chosen]++;
            (places.TryGetValue(affinity, out var known) ? known : places[affinity] = []).Add(chosen);
        }

        Assert.All(
            tasks,
            count => Assert.InRange(count, 1, (int)Math.Ceiling(WorkerChoice.TaskBound * 1000 / Names.Length))
        );
        Assert.Contains(places.Values, where => where.Count == 1);
    }

    [Fact]
    public void ForTask_OneAffinityOnly_OverflowsToAllInsteadOfOne()
    {
        var tasks = new int[Names.Length];
        for (var i = 0; i < 300; i++)
            tasks[WorkerChoice.ForTask("only", Loads(tasks))]++;

        Assert.All(tasks, count => Assert.InRange(count, 1, 126));
    }

    [Fact]
    public void ForTask_AWorkerLess_MovesOnlyWhatItHad()
    {
        for (var i = 0; i < 200; i++)
        {
            var with = Names[WorkerChoice.ForTask($"a-{i}", Loads(new int[3]))];
            WorkerLoad[] two = [new("worker-1", 0, 0), new("worker-2", 0, 0)];
            var without = two[WorkerChoice.ForTask($"a-{i}", two)].Name;

            if (with != "worker-3")
                Assert.Equal(with, without);
        }
    }

    [Fact]
    public void ForJob_HomeFarBehind_Spills()
    {
        WorkerLoad[] level = [.. Names.Select(n => new WorkerLoad(n, 0, 100))];
        var home = WorkerChoice.ForJob("a", level);

        WorkerLoad[] within =
        [
            .. level.Select((w, i) => i == home ? w with { BacklogSeconds = 100 + WorkerChoice.SpillSeconds } : w),
        ];
        WorkerLoad[] beyond =
        [
            .. level.Select((w, i) => i == home ? w with { BacklogSeconds = 101 + WorkerChoice.SpillSeconds } : w),
        ];

        Assert.Equal(home, WorkerChoice.ForJob("a", within));
        Assert.NotEqual(home, WorkerChoice.ForJob("a", beyond));
    }

    private static WorkerLoad[] Loads(int[] tasks) => [.. Names.Select((n, i) => new WorkerLoad(n, tasks[i], 0))];
}
