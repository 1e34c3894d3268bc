using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Tests.Storage.Catalog;

namespace ComodCluster.Grains.Tests.Jobs;

public class JobDeathsTests
{
    private static readonly DateTimeOffset Now = TestCatalog.Created.AddHours(1);

    [Fact]
    public void EndsWithItsWorker_OnlyARunAtItsWorkThatWasNotHandedOver()
    {
        var atWork = State();

        Assert.True(JobDeaths.EndsWithItsWorker(atWork));
        Assert.False(JobDeaths.EndsWithItsWorker(atWork with { Silo = null })); // drained, stopped or moved
        Assert.False(JobDeaths.EndsWithItsWorker(atWork with { Epoch = 8 })); // taken up again, waiting for its turn
        Assert.False(JobDeaths.EndsWithItsWorker(atWork with { Runs = new() })); // begun by a build that did not say so
        foreach (var phase in Enum.GetValues<JobPhase>().Where(p => p != JobPhase.Running))
            Assert.False(JobDeaths.EndsWithItsWorker(atWork with { Info = atWork.Info with { Phase = phase } }));
    }

    [Fact]
    public void Count_DeathAfterDeath_GoesOnAtOnceThenAloneAfterAPauseThenFails()
    {
        var once = JobDeaths.Count(State(), Now);
        Assert.Equal((1, null, null), (once.Info.Deaths, once.Info.Activity, once.Runs.NotBefore));
        Assert.False(JobDeaths.Isolates(once));

        var twice = JobDeaths.Count(AtWork(once), Now);
        Assert.Equal((2, Now + JobDeaths.Pause), (twice.Info.Deaths, twice.Runs.NotBefore));
        Assert.Equal(
            $"waits: its worker died 2 times while it ran; it goes on alone after {Now + JobDeaths.Pause:HH:mm:ss} UTC",
            twice.Info.Activity
        );
        Assert.True(JobDeaths.Isolates(twice));
        Assert.Null(JobDeaths.Verdict(twice));

        var last = JobDeaths.Count(AtWork(twice), Now);
        Assert.Equal((3, null, null), (last.Info.Deaths, last.Info.Activity, last.Runs.NotBefore));
        var error = JobDeaths.Verdict(last)!;
        Assert.Equal(ErrorCodes.WorkerDied, error.Code);
        Assert.StartsWith("The worker died 3 times while this job ran", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpointed_JobThatGetsOn_IsNeverFailedHoweverOftenItsWorkersAreKilled()
    {
        var state = State();
        for (var kill = 0; kill < 1000; kill++)
        {
            state = AtWork(JobDeaths.Count(JobDeaths.Checkpointed(state, $"{kill}"), Now));
            Assert.Equal(1, state.Info.Deaths);
        }
    }

    /// <summary>A run that is drained stores what it came from.</summary>
    [Fact]
    public void Checkpointed_TheSameAgain_IsNoProgress() =>
        Assert.Equal(1, JobDeaths.Checkpointed(JobDeaths.Count(State(), Now), "c").Info.Deaths);

    [Fact]
    public async Task Write_StateOfRuns_StaysInTheRowBesideTheInfoAndWhatALaterBuildAdded()
    {
        var row = new NewJob(TestCatalog.Job("stored"), TestCatalog.Created).Row(1);
        var place = new JobPlace(new(TestCatalog.Tenant, "stored"));
        Assert.Equal(new JobRuns(), place.Read(row).Runs);
        row.Info = row.Info[..^1] + ",\"later\":7}";

        var state = JobDeaths.Count(State(), Now) with
        {
            Runs = new() { BegunEpoch = 7, NotBefore = Now },
        };
        await place.Write(null!, row, state, TestContext.Current.CancellationToken);

        Assert.Equal(state.Runs, place.Read(row).Runs);
        Assert.Equal(1, place.Read(row).Info.Deaths);
        Assert.Contains("\"later\":7", row.Info, StringComparison.Ordinal);
    }

    private static JobState State() =>
        new(
            TestCatalog.Job("job"),
            new JobInfo
            {
                Id = "job",
                Kind = JobKind.Import,
                Phase = JobPhase.Running,
                Subject = "subject",
                Progress = 0.5,
                Created = TestCatalog.Created,
            },
            new JobRuns { BegunEpoch = 7 },
            7,
            "10.0.0.1:11111@1",
            "c"
        );

    private static JobState AtWork(JobState state) =>
        state with
        {
            Silo = "10.0.0.2:11111@1",
            Epoch = state.Epoch + 1,
            Runs = state.Runs with { BegunEpoch = state.Epoch + 1 },
        };
}
