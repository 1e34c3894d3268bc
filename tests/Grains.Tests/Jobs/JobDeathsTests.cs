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
        var once = JobDeaths.Count(State(), Now, amongOthers: false);
        Assert.Equal((1, null, null), (once.Info.Deaths, once.Info.Activity, once.Runs.NotBefore));
        Assert.False(JobDeaths.Isolates(once));

        var twice = JobDeaths.Count(AtWork(once), Now, amongOthers: false);
        Assert.Equal((2, Now + JobDeaths.Pause), (twice.Info.Deaths, twice.Runs.NotBefore));
        Assert.Equal(
            $"waits: its worker died 2 times while it ran; it goes on alone after {Now + JobDeaths.Pause:HH:mm:ss} UTC",
            twice.Info.Activity
        );
        Assert.True(JobDeaths.Isolates(twice));
        Assert.Null(JobDeaths.Verdict(twice));

        var last = JobDeaths.Count(AtWork(twice), Now, amongOthers: false);
        Assert.Equal((3, null, null), (last.Info.Deaths, last.Info.Activity, last.Runs.NotBefore));
        var error = JobDeaths.Verdict(last)!;
        Assert.Equal(ErrorCodes.WorkerDied, error.Code);
        Assert.StartsWith("The worker died 3 times while this job ran", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Somebody kills silos, or a second job of the kind does: six tell the one from the other.</summary>
    [Fact]
    public void Count_DeathsAmongThoseOfOtherSilos_FailsAfterSixWithEverLongerPauses()
    {
        var state = State();
        var pauses = new List<double>();
        for (var death = 1; death < JobDeaths.MostOfAll; death++)
        {
            state = JobDeaths.Count(AtWork(state), Now, amongOthers: true);
            Assert.Null(JobDeaths.Verdict(state));
            pauses.Add(((state.Runs.NotBefore ?? Now) - Now).TotalSeconds);
        }
        Assert.Equal([0, 30, 60, 120, 240], pauses);

        state = JobDeaths.Count(AtWork(state), Now, amongOthers: true);

        Assert.StartsWith("The worker died 6 times", JobDeaths.Verdict(state)!.Message, StringComparison.Ordinal);
        Assert.Null(state.Runs.NotBefore);
    }

    [Fact]
    public void Count_ThreeDeathsAloneAmongOthers_Fails()
    {
        var state = State();
        foreach (var among in new[] { false, true, false, true })
        {
            state = AtWork(JobDeaths.Count(state, Now, among));
            Assert.Null(JobDeaths.Verdict(state));
        }
        Assert.Equal(4, state.Runs.Fell!.Count);

        Assert.NotNull(JobDeaths.Verdict(JobDeaths.Count(state, Now, amongOthers: false)));
    }

    [Fact]
    public void Checkpointed_JobThatGetsOn_IsNeverFailedHoweverOftenItsWorkersAreKilled()
    {
        var state = State();
        for (var kill = 0; kill < 1000; kill++)
        {
            state = AtWork(JobDeaths.Count(JobDeaths.Checkpointed(state, $"{kill}"), Now, amongOthers: false));
            Assert.Equal((1, 1), (state.Info.Deaths, state.Runs.Fell!.Count));
        }
    }

    /// <summary>A run that is drained stores what it came from.</summary>
    [Fact]
    public void Checkpointed_TheSameAgain_IsNoProgress() =>
        Assert.Equal(1, JobDeaths.Checkpointed(JobDeaths.Count(State(), Now, amongOthers: true), "c").Info.Deaths);

    [Fact]
    public async Task Write_StateOfRuns_StaysInTheRowBesideTheInfoAndWhatALaterBuildAdded()
    {
        var row = new NewJob(TestCatalog.Job("stored"), TestCatalog.Created).Row(1);
        var place = new JobPlace(new(TestCatalog.Tenant, "stored"));
        Assert.Equivalent(new JobRuns(), place.Read(row).Runs, strict: true);
        row.Info = row.Info[..^1] + ",\"later\":7}";

        var state = JobDeaths.Count(State(), Now, amongOthers: true) with
        {
            Runs = new()
            {
                BegunEpoch = 7,
                Begun = Now,
                Fell = ["10.0.0.1:11111@1"],
                Excused = 1,
                NotBefore = Now,
            },
        };
        await place.Write(null!, row, state, TestContext.Current.CancellationToken);

        Assert.Equivalent(state.Runs, place.Read(row).Runs, strict: true);
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
