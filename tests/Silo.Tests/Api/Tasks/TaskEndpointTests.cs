using System.Net;
using System.Text.RegularExpressions;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Silo.Tests.Api.Tasks;

public class TaskEndpointTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Life_RegisterAdaptPredictRevertDelete()
    {
        var task = await _client.PutTinyTask("life");
        Assert.Equal(
            (TaskPhase.Registered, ReadoutMode.Head, 0, 0),
            (task.Phase, task.Readout, task.ActiveVersion, task.LatestVersion)
        );
        Assert.Equal(TinyWorld.Classes, task.Classes);
        byte[][] images = [TinyWorld.Png(0, 100), TinyWorld.Png(1, 100), TinyWorld.Png(2, 100)];
        var before = await _client.Predicted("life", images);
        Assert.Equal((0, 3), (before.Version, before.Predictions.Count));
        Assert.All(before.Predictions, p => Assert.Equal(1, p.Probabilities.Sum(), 1e-4));

        var job = await _client.Adapted(
            "life",
            new AdaptRequest
            {
                Id = "life-1",
                Methods = [Method.Comodulation, Method.Gain, Method.Readout],
                Seeds = [0],
            }
        );
        Assert.Equal((JobPhase.Succeeded, null, 1.0), (job.Phase, job.Error, job.Progress));
        Assert.Equal([1, 2, 3], job.Versions);
        var versions = await _client.Get<List<VersionInfo>>("/v1/tasks/life/versions");
        Assert.Equal([Method.Comodulation, Method.Gain, Method.Readout], versions.Select(v => v.Method));
        Assert.All(versions, v => Assert.InRange(v.StateBytes, 1, 32 * 1024));
        Assert.All(versions, v => Assert.Equal(("layer1", 20), (v.Settings?.Cut, v.Settings?.Steps)));
        var maps = await _client.Get<VersionMaps>("/v1/tasks/life/versions/1/maps");
        Assert.Equal((8, 32), (maps.Channel.Count, maps.DecoderGain.Count));
        Assert.NotEmpty(maps.Curve);

        await Activate("life", 2);
        var second = await _client.Predicted("life", images);
        Assert.Equal(2, second.Version);
        await Activate("life", 0);
        Assert.Equal(Numbers(before), Numbers(await _client.Predicted("life", images)));
        await Activate("life", 2);
        Assert.Equal(Numbers(second), Numbers(await _client.Predicted("life", images)));
        await (await _client.PostJson("/v1/tasks/life/activate", new ActivateRequest(9))).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        await (await _client.PostText("/v1/tasks/life/activate", "{}")).ShouldBeProblem(
            HttpStatusCode.BadRequest,
            "request-invalid"
        );

        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync("/v1/tasks/life", Cancellation)).StatusCode);
        await (await _client.GetAsync("/v1/tasks/life", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Fact]
    public async Task Activate_WhatCannotAnswer_RefusedAndTheActiveVersionStays()
    {
        await _client.PutTinyTask("back", "left", "middle", "right");
        await (await _client.PostJson("/v1/tasks/back/activate", new ActivateRequest(0))).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "no-version"
        );
        await _client.Adapted(
            "back",
            new AdaptRequest
            {
                Methods = [Method.Readout],
                Options = new MethodOptions { Gate = GatePolicy.Off },
            }
        );
        foreach (var version in new[] { -1, int.MinValue })
            await (await _client.PostJson("/v1/tasks/back/activate", new ActivateRequest(version))).ShouldBeProblem(
                HttpStatusCode.UnprocessableEntity,
                "request-invalid"
            );
        var refusal = await (await _client.PostJson("/v1/tasks/back/activate", new ActivateRequest(0))).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "no-version"
        );
        Assert.Contains("activate one of its versions", refusal, StringComparison.Ordinal);
        Assert.Equal(1, (await _client.Predicted("back", TinyWorld.Png(0, 0))).Version);
    }

    /// <summary>A readout in closed form says where it reads the network, and what else was compared.</summary>
    [Fact]
    public async Task Adapt_ReadoutOfNewClasses_SaysItsPlaceAndIsServedBesideTheOldOne()
    {
        await _client.PutTinyTask("placed", "left", "middle", "right");
        await _client.Adapted("placed", new AdaptRequest { Methods = [Method.Readout, Method.ReadoutPenultimate] });

        var versions = await _client.Get<List<VersionInfo>>("/v1/tasks/placed/versions");

        Assert.Equal([Method.Readout, Method.ReadoutPenultimate], versions.Select(v => v.Method));
        Assert.Equal(["record", "pool"], versions.Select(v => v.CachedTo));
        Assert.Null(versions[1].Readout);
        var readout = versions[0].Readout!;
        Assert.StartsWith($"{readout.Kind.ToString().ToLowerInvariant()} on {readout.Place}: ", readout.Reason);
        Assert.Contains(readout.Candidates, c => (c.Place, c.Kind) == (readout.Place, readout.Kind));
        Assert.Equal(readout.Candidates.Count, readout.Candidates.Select(c => (c.Place, c.Kind)).Distinct().Count());
        foreach (var version in versions)
        {
            await _client.PostJson("/v1/tasks/placed/activate", new ActivateRequest(version.Version));
            Assert.Equal(version.Version, (await _client.Predicted("placed", TinyWorld.Png(0, 0))).Version);
        }
    }

    [Fact]
    public async Task Adapt_EveryMethod_IsMeasuredAndServedUnlessItIsForComparison()
    {
        await _client.PutTinyTask("arms");
        Method[] methods = [Method.Full, .. Enum.GetValues<Method>().Where(m => m is not (Method.Full or Method.Auto))];
        var job = await _client.Adapted(
            "arms",
            new AdaptRequest
            {
                Methods = methods,
                Experimental = true,
                Options = new MethodOptions
                {
                    Steps = 3,
                    Cut = "layer2",
                    Gate = GatePolicy.Off,
                    Rank = 2,
                },
            }
        );
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        var versions = await _client.Get<List<VersionInfo>>("/v1/tasks/arms/versions");
        Assert.Equal(methods, versions.Select(v => v.Method));
        foreach (var version in versions)
        {
            var m = version.Metrics;
            Assert.All(
                new[] { m.Accuracy, m.BalancedAccuracy, m.Precision, m.Recall, m.F1, m.Ece, m.CalibratedEce },
                share => Assert.InRange(share!.Value, 0, 1)
            );
            Assert.InRange(m.Temperature!.Value, 0.1, 10);
            Assert.NotNull(m.CalibratedNll);
            Assert.NotNull(version.CachedTo);
        }
        // The first method's version would become active.
        Assert.Equal(
            (VersionPhase.Comparison, 0),
            (versions[0].Phase, (await _client.Get<TaskInfo>("/v1/tasks/arms")).ActiveVersion)
        );
        var refusal = await (await _client.PostJson("/v1/tasks/arms/activate", new ActivateRequest(1))).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "version-comparison"
        );
        Assert.Contains("'full'", refusal, StringComparison.Ordinal);
        foreach (var version in versions.Skip(1))
        {
            await Activate("arms", version.Version);
            var answer = await _client.Predicted("arms", TinyWorld.Png(0, 100), TinyWorld.Png(1, 100));
            Assert.Equal(version.Version, answer.Version);
            Assert.All(answer.Predictions, p => Assert.Equal(1, p.Probabilities.Sum(), 1e-4));
        }
    }

    [Theory]
    [InlineData("auto-head")]
    [InlineData("auto-own", "left", "middle", "right")]
    public async Task Adapt_Auto_MakesTheVersionOfOneCandidateAndSaysWhy(string name, params string[] classes)
    {
        await _client.PutTinyTask(name, classes);
        var job = await _client.Adapted(name, new AdaptRequest { Methods = [Method.Auto] });
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.Equal(
            [Method.Readout, Method.Gain, Method.Difference, Method.Comodulation],
            job.Trials.Select(r => r.Method)
        );
        var version = Assert.Single(await _client.Get<List<VersionInfo>>($"/v1/tasks/{name}/versions"));
        Assert.Equal((VersionPhase.Ready, true), (version.Phase, version.Active));
        var choice = version.Choice!;
        Assert.Equal((4, version.Examples), (choice.Folds, choice.Images));
        Assert.Equal(job.Trials.Select(r => r.Method), choice.Candidates.Select(c => c.Method));
        Assert.All(choice.Candidates, c => Assert.InRange(c.Accuracy!.Value, 0, 1));
        Assert.Equal(0, choice.Candidates.Single(c => c.Method == version.Method).Difference);
        Assert.StartsWith(
            $"{version.Method.ToString().ToLowerInvariant()}: held-out loss "
                + $"{choice.Candidates.Single(c => c.Method == version.Method).Nll:0.000}",
            choice.Reason,
            StringComparison.Ordinal
        );

        // So few examples are cross-validated anyway: the version is the one that its method makes when it is asked
        // for.
        await _client.Adapted(name, new AdaptRequest { Methods = [version.Method] });
        var asked = (await _client.Get<List<VersionInfo>>($"/v1/tasks/{name}/versions"))[1];
        Assert.Equal((version.Digest, null), (asked.Digest, asked.Choice));
        Assert.All(
            (await _client.Predicted(name, TinyWorld.Png(0, 100), TinyWorld.Png(1, 100))).Predictions,
            p => Assert.Equal(1, p.Probabilities.Sum(), 1e-4)
        );
    }

    [Theory]
    [InlineData(0, Method.Auto, Method.Gain)]
    [InlineData(1, Method.Auto)]
    public async Task Adapt_AutoBesideOthersOrWithSeveralSeeds_IsRefused(int furtherSeeds, params Method[] methods)
    {
        var name = $"not-auto-{furtherSeeds}";
        await _client.PutTinyTask(name);
        var request = new AdaptRequest { Methods = methods, Seeds = [.. Enumerable.Range(0, 1 + furtherSeeds)] };
        Assert.Contains(
            "'auto'",
            await (await _client.PostJson($"/v1/tasks/{name}/adapt", request)).ShouldBeProblem(
                HttpStatusCode.UnprocessableEntity,
                "request-invalid"
            ),
            StringComparison.Ordinal
        );
        Assert.Equal(TaskPhase.Registered, (await _client.Get<TaskInfo>($"/v1/tasks/{name}")).Phase);
    }

    [Fact]
    public async Task Adapt_SeveralLayers_IsServedAndALayerThatIsNotLaterIsRefused()
    {
        var task = await _client.PutTinyTask("layers");
        var wrong = task.Spec with
        {
            Name = "wrong-layers",
            Options = task.Spec.Options! with { Also = ["layer3", "layer2"] },
        };
        Assert.Contains(
            "'layer2' after 'layer3'",
            await (await _client.PostJson("/v1/tasks", wrong)).ShouldBeProblem(
                HttpStatusCode.UnprocessableEntity,
                "settings-invalid"
            ),
            StringComparison.Ordinal
        );

        var request = new AdaptRequest
        {
            Id = "layers-1",
            Methods = [Method.Comodulation, Method.Readout],
            Options = new MethodOptions { Also = ["layer2", "layer3"], Gate = GatePolicy.Off },
        };
        var job = await _client.Adapted("layers", request);
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        // the same request again: no other job
        Assert.Equal([1, 2], (await _client.Adapted("layers", request)).Versions);
        var maps = await _client.Get<VersionMaps>("/v1/tasks/layers/versions/1/maps");
        Assert.Equal((8 + 16 + 32, 1, 3 * 16), (maps.Channel.Count, maps.GridHeight, maps.GridWidth));
        var answer = await _client.Predicted("layers", TinyWorld.Png(0, 100));
        Assert.Equal(1, answer.Version);
        Assert.Equal(1, answer.Predictions.Single().Probabilities.Sum(), 1e-4);
    }

    [Fact]
    public async Task Adapt_OwnClasses_ModulatesTheNextStageTooUnlessToldOtherwise()
    {
        await _client.PutTinyTask("two-layers", "left", "right");
        foreach (var (version, also) in new (int, IReadOnlyList<string>?)[] { (1, null), (2, []) })
        {
            var job = await _client.Adapted(
                "two-layers",
                new AdaptRequest
                {
                    Options = new MethodOptions { Also = also, Gate = GatePolicy.Off },
                }
            );
            Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
            var maps = await _client.Get<VersionMaps>($"/v1/tasks/two-layers/versions/{version}/maps");
            Assert.Equal(also is null ? 8 + 16 : 8, maps.Channel.Count);
        }
        Assert.Equal(["left", "right"], (await _client.Predicted("two-layers", TinyWorld.Png(0, 1))).Classes);
    }

    [Fact]
    public async Task Adapt_TheHeadGivenAndNothingNamed_TakesTheUsualCutAndRectifiedGains()
    {
        var task = await _client.PutTinyTask("unnamed-layer");
        await (
            await _client.PostJson(
                "/v1/tasks",
                task.Spec with
                {
                    Name = "usual-layer",
                    Options = task.Spec.Options! with { Cut = null },
                }
            )
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        foreach (var form in new GainForm?[] { null, GainForm.Rectified, GainForm.Exponential })
            Assert.Null(
                (
                    await _client.Adapted(
                        "usual-layer",
                        new AdaptRequest
                        {
                            Options = new MethodOptions { GainForm = form, Gate = GatePolicy.Off },
                        }
                    )
                ).Error
            );
        var digests = (await _client.Get<IReadOnlyList<VersionInfo>>("/v1/tasks/usual-layer/versions")).ToDictionary(
            version => version.Version,
            version => version.Digest
        );
        Assert.Equal(digests[2], digests[1]);
        Assert.NotEqual(digests[3], digests[1]);
        // layer2 of three
        Assert.Equal(16, (await _client.Get<VersionMaps>("/v1/tasks/usual-layer/versions/1/maps")).Channel.Count);
    }

    [Fact]
    public async Task Requests_ThatNameARemovedSetting_AreToldOfIt()
    {
        var spec = (await _client.PutTinyTask("old-names")).Spec;
        var options = new Dictionary<string, object> { ["steps"] = 9, ["gainAt"] = new[] { "layer3" } };
        var named = new
        {
            spec.Name,
            spec.Backbone,
            spec.Dataset,
            Options = options,
        };

        HttpResponseMessage[] answers =
        [
            await _client.PostJson("/v1/tasks", named),
            await _client.PostJson(
                "/v1/plan",
                new
                {
                    spec.Backbone,
                    spec.Dataset,
                    Options = options,
                }
            ),
            await _client.PostJson("/v1/tasks/old-names/adapt", new { Options = options }),
        ];

        foreach (var answer in answers)
            Assert.Contains(
                "the setting gainAt, which was removed",
                await answer.ShouldBeProblem(HttpStatusCode.BadRequest, ErrorCodes.SettingsRemoved),
                StringComparison.Ordinal
            );
        var results = await (
            await _client.PostJson("/v1/tasks/bulk", new { Tasks = new[] { named with { Name = "old-names-2" } } })
        ).ShouldBe<CreateTasksResponse>(HttpStatusCode.OK);
        Assert.Equal(ErrorCodes.SettingsRemoved, Assert.Single(results.Results).Error!.Code);
    }

    [Fact]
    public async Task Adapt_AControl_IsForWhoSaysThatItIsAnExperiment()
    {
        await _client.PutTinyTask("controls");
        var request = new AdaptRequest { Methods = [Method.Rate] };
        Assert.Contains(
            "'experimental'",
            await (await _client.PostJson("/v1/tasks/controls/adapt", request)).ShouldBeProblem(
                HttpStatusCode.BadRequest,
                ErrorCodes.RequestInvalid
            ),
            StringComparison.Ordinal
        );
        Assert.Null((await _client.Adapted("controls", request with { Experimental = true })).Error);
    }

    [Fact]
    public async Task Versions_WithALimit_AreAPageThatNamesTheNext()
    {
        await _client.PutTinyTask("many");
        await _client.Adapted("many", new AdaptRequest { Methods = [Method.Readout], Seeds = [0, 1, 2, 3, 4] });
        var all = await _client.Get<List<VersionInfo>>("/v1/tasks/many/versions");
        Assert.Equal([1, 2, 3, 4, 5], all.Select(v => v.Version));
        var paged = new List<VersionInfo>();
        for (var url = "/v1/tasks/many/versions?limit=2"; url is not null; )
        {
            var response = await _client.GetAsync(url, Cancellation);
            var page = await response.ShouldBe<List<VersionInfo>>(HttpStatusCode.OK);
            Assert.InRange(page.Count, 1, 2);
            paged.AddRange(page);
            url = response.Headers.TryGetValues("Link", out var links)
                ? Regex.Match(links.Single(), "^<(.*)>; rel=\"next\"$").Groups[1].Value
                : null;
        }
        Assert.Equal(all.Select(v => (v.Version, v.Active)), paged.Select(v => (v.Version, v.Active)));
        Assert.Empty(await _client.Get<List<VersionInfo>>("/v1/tasks/many/versions?after=5"));
        foreach (var wrong in (string[])["limit=0", "limit=1001", "after=x"])
            await (await _client.GetAsync($"/v1/tasks/many/versions?{wrong}", Cancellation)).ShouldBeProblem(
                HttpStatusCode.BadRequest,
                "request-invalid"
            );
    }

    [Fact]
    public async Task Adapt_SameIdAgain_ReturnsTheJobAndStartsNothing()
    {
        await _client.PutTinyTask("again");
        var request = new AdaptRequest { Id = "again-1" };
        var first = await _client.Adapted("again", request);
        var second = await _client.Adapted("again", request);
        Assert.Equal((first.Id, first.Finished), (second.Id, second.Finished));
        Assert.Single(await _client.Get<List<VersionInfo>>("/v1/tasks/again/versions"));
        await (await _client.PostJson("/v1/tasks/again/adapt", request with { Seeds = [5] })).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "job-conflict"
        );
    }

    [Fact]
    public async Task Adapt_IdOfAJobThatWasPurged_IsANewJob()
    {
        await _client.PutTinyTask("purged");
        var request = new AdaptRequest
        {
            Id = "purged-1",
            Options = new MethodOptions { Steps = 300 },
        };
        await (await _client.PostJson("/v1/tasks/purged/adapt", request)).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        await _client.PostAsync("/v1/jobs/purged-1/cancel", null, Cancellation);
        var before = await _client.End("purged-1");
        Assert.Equal(JobPhase.Cancelled, before.Phase);
        await silo
            .Services.GetRequiredService<CatalogDatabase>()
            .Write((rows, stop) => rows.Jobs.Where(j => j.Id == "purged-1").ExecuteDeleteAsync(stop), Cancellation);

        var after = await (await _client.PostJson("/v1/tasks/purged/adapt", request)).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );

        Assert.NotEqual(before.Created, after.Created);
        Assert.Equal([1], (await _client.End("purged-1")).Versions);
    }

    [Fact]
    public async Task Adapt_PausedAndResumed_EndsWithTheBitsOfAnUninterruptedRun()
    {
        await _client.PutTinyTask("paused");
        var request = new AdaptRequest
        {
            Id = "calm",
            Options = new MethodOptions { Steps = 300 },
            Priority = 3,
        };
        var calm = await _client.Adapted("paused", request);
        await (await _client.PostJson("/v1/tasks/paused/adapt", request with { Id = "held" })).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );
        await _client.When("held", j => j.Trials is [{ Step: > 5 }, ..]);

        Assert.Equal(JobPhase.Paused, (await Change("pause")).Phase);
        Assert.Equal(JobPhase.Paused, (await Change("pause")).Phase);
        // Its run has left once it does nothing; the steps of another job are time enough for one of its own.
        var step = (await _client.When("held", j => j is { Phase: JobPhase.Paused, Activity: null })).Trials[0].Step;
        Assert.Equal(TaskPhase.Adapting, (await _client.Get<TaskInfo>("/v1/tasks/paused")).Phase);
        await _client.PutTinyTask("meanwhile");
        Assert.Equal(JobPhase.Succeeded, (await _client.Adapted("meanwhile", new AdaptRequest())).Phase);
        Assert.Equal(step, (await _client.Get<JobInfo>("/v1/jobs/held")).Trials[0].Step);
        Assert.InRange(step, 1, 299);

        Assert.NotEqual(JobPhase.Paused, (await Change("resume")).Phase);
        var job = (await _client.Events("held")).Last().Data;
        Assert.Equal(JobPhase.Succeeded, job.Phase);
        var digests = (await _client.Get<List<VersionInfo>>("/v1/tasks/paused/versions")).ToDictionary(
            v => v.Version,
            v => v.Digest
        );
        Assert.Equal(digests[calm.Versions[0]], digests[job.Versions[0]]);
        foreach (var change in new[] { "pause", "resume" })
            await (await _client.PostAsync($"/v1/jobs/held/{change}", null, Cancellation)).ShouldBeProblem(
                HttpStatusCode.Conflict,
                "job-finished"
            );
        await (await _client.PostJson("/v1/tasks/paused/adapt", new AdaptRequest { Priority = 101 })).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "request-invalid"
        );

        async Task<JobInfo> Change(string change) =>
            await (await _client.PostAsync($"/v1/jobs/held/{change}", null, Cancellation)).ShouldBe<JobInfo>(
                HttpStatusCode.OK
            );
    }

    [Fact]
    public async Task Adapt_PausedAndCancelled_EndsAsCancelled()
    {
        await _client.PutTinyTask("dropped");
        await (
            await _client.PostJson(
                "/v1/tasks/dropped/adapt",
                new AdaptRequest
                {
                    Id = "dropped",
                    Options = new MethodOptions { Steps = 5000 },
                }
            )
        ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        await (await _client.PostAsync("/v1/jobs/dropped/pause", null, Cancellation)).ShouldBe<JobInfo>(
            HttpStatusCode.OK
        );
        await (await _client.PostAsync("/v1/jobs/dropped/cancel", null, Cancellation)).ShouldBe<JobInfo>(
            HttpStatusCode.OK
        );
        Assert.Equal(JobPhase.Cancelled, (await _client.Events("dropped")).Last().Data.Phase);
        Assert.Equal(TaskPhase.Registered, (await _client.Get<TaskInfo>("/v1/tasks/dropped")).Phase);
    }

    [Fact]
    public async Task Adapt_OwnClasses_PredictNeedsAVersion()
    {
        var task = await _client.PutTinyTask("own", "left", "right");
        Assert.Equal(ReadoutMode.Own, task.Readout);
        using var image = SiloCalls.Bytes(TinyWorld.Png(0, 1), "image/png");
        await (await _client.PostAsync("/v1/tasks/own/predict", image, Cancellation)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "no-version"
        );
        Assert.Equal(JobPhase.Succeeded, (await _client.Adapted("own", new AdaptRequest())).Phase);
        Assert.Equal(["left", "right"], (await _client.Predicted("own", TinyWorld.Png(0, 1))).Classes);
    }

    [Fact]
    public async Task Adapt_SettingsOutOfRange_422AndNoJob()
    {
        await _client.PutTinyTask("range");
        Assert.Contains(
            "sigma",
            await (
                await _client.PostJson(
                    "/v1/tasks/range/adapt",
                    new AdaptRequest
                    {
                        Id = "range-1",
                        Options = new MethodOptions { Sigma = -1 },
                    }
                )
            ).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "settings-invalid"),
            StringComparison.OrdinalIgnoreCase
        );
        await (await _client.GetAsync("/v1/jobs/range-1", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        Assert.Equal(TaskPhase.Registered, (await _client.Get<TaskInfo>("/v1/tasks/range")).Phase);
    }

    [Fact]
    public async Task Create_UnusableSpec_RefusedAndNothingRegistered()
    {
        await _client.PutTinyBackbone("spec");
        await _client.PutDataset("spec", TinyWorld.Archive());
        var good = new TaskSpec
        {
            Name = "spec",
            Backbone = "spec",
            Dataset = "spec",
        };
        var unknown = await (
            await _client.PostJson("/v1/tasks", good with { Classes = ["bars", "unicorns"] })
        ).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "label-unknown");
        Assert.Contains("'unicorns'; it has bars, ramps, spots", unknown, StringComparison.Ordinal);
        await (await _client.PostJson("/v1/tasks", good with { Classes = ["bars"] })).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "task-one-class"
        );
        Assert.Contains(
            "'none'",
            await (await _client.PostJson("/v1/tasks", good with { Dataset = "none" })).ShouldBeProblem(
                HttpStatusCode.NotFound,
                "not-found"
            )
        );
        Assert.Contains(
            "'none'",
            await (await _client.PostJson("/v1/tasks", good with { Backbone = "none" })).ShouldBeProblem(
                HttpStatusCode.NotFound,
                "not-found"
            )
        );
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (
                await _client.PostJson("/v1/tasks", good with { Options = new MethodOptions { Cut = "layer9" } })
            ).StatusCode
        );
        await (await _client.GetAsync("/v1/tasks/spec", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Fact]
    public async Task Create_AttributesThatAreNoColumns_AreRefusedByName()
    {
        var table = "4\nSmiling Young\n1.png 1 1\n2.png -1 1\n3.png 1 -1\n4.png -1 -1\n"u8.ToArray();
        await _client.PutTinyBackbone("columns");
        await _client.PutDataset(
            "columns",
            TinyWorld.Zip([
                ("list_attr_celeba.txt", table),
                ("list_eval_partition.txt", "1.png 0\n2.png 0\n3.png 0\n4.png 2\n"u8.ToArray()),
                .. Enumerable.Range(1, 4).Select(i => ($"img_align_celeba/{i}.png", TinyWorld.Png(0, i))),
            ])
        );
        var spec = new TaskSpec
        {
            Name = "columns",
            Backbone = "columns",
            Dataset = "columns",
            Classes = ["Bald"],
        };
        var refused = await (await _client.PostJson("/v1/tasks", spec)).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "label-unknown"
        );
        Assert.Contains("no label 'Bald'; it has Smiling, Young", refused, StringComparison.Ordinal);
        await (await _client.PostJson("/v1/tasks", spec with { Classes = null })).ShouldBe<TaskInfo>(
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task Adapt_TooFewExamplesForASplit_RefusedWithCauseAndFix()
    {
        await _client.PutTinyBackbone("scarce");
        await _client.PutDataset("scarce", TinyWorld.Archive(2, "bars", "ramps"));
        await (
            await _client.PostJson(
                "/v1/tasks",
                new TaskSpec
                {
                    Name = "scarce",
                    Backbone = "scarce",
                    Dataset = "scarce",
                }
            )
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        var job = await _client.Adapted("scarce", new AdaptRequest());
        Assert.Equal((JobPhase.Failed, "examples-too-few"), (job.Phase, job.Error?.Code));
        Assert.Contains(
            "has 2 training images for this task and at least 4 are needed",
            job.Error!.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Create_BackboneOfOtherChannels_422()
    {
        var spec = TinyWorld.Spec with { Channels = 1, Mean = [0.5f], Std = [0.25f] };
        var weights = TinyWorld.WeightsOf(spec, new() { [Engine.Backbones.BackboneSpec.MetadataKey] = spec.ToJson() });
        Assert.Equal(
            HttpStatusCode.Created,
            (await _client.PutAsync("/v1/backbones/grey", SiloCalls.Bytes(weights), Cancellation)).StatusCode
        );
        await _client.PutDataset("grey", TinyWorld.Archive());
        var refused = await _client.PostJson(
            "/v1/tasks",
            new TaskSpec
            {
                Name = "grey",
                Backbone = "grey",
                Dataset = "grey",
            }
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("channel", await refused.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Create_NameTaken_409()
    {
        await _client.PutTinyTask("taken");
        await (
            await _client.PostJson(
                "/v1/tasks",
                new TaskSpec
                {
                    Name = "taken",
                    Backbone = "taken",
                    Dataset = "taken",
                    Classes = ["bars", "spots"],
                }
            )
        ).ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
    }

    [Fact]
    public async Task Create_SameSpecAgain_ReturnsTheTask()
    {
        var first = await _client.PutTinyTask("repeated");
        var second = await (await _client.PostJson("/v1/tasks", first.Spec)).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        Assert.Equal((first.Uid, first.Created), (second.Uid, second.Created));
    }

    [Fact]
    public async Task CreateMany_SomeRefused_TheOthersAreRegisteredAndAnswer()
    {
        var there = await _client.PutTinyTask("bulk");
        var like = there.Spec with { Name = "bulk-1" };
        TaskSpec[] specs =
        [
            like,
            like with
            {
                Name = "bulk-2",
                Classes = ["spots", "bars"],
            },
            there.Spec,
            there.Spec with
            {
                Classes = ["spots", "bars"],
            },
            like with
            {
                Name = "Bulk",
            },
            like with
            {
                Name = "bulk-3",
                Dataset = "nowhere",
            },
            like with
            {
                Name = "bulk-4",
                Options = new MethodOptions { Sigma = -1 },
            },
            like,
        ];

        var results = (
            await (
                await _client.PostJson("/v1/tasks/bulk", new CreateTasksRequest(specs))
            ).ShouldBe<CreateTasksResponse>(HttpStatusCode.OK)
        ).Results;

        Assert.Equal(specs.Select(s => s.Name), results.Select(r => r.Name));
        Assert.Equal(
            [null, null, null, "name-taken", "name-invalid", "not-found", "settings-invalid", null],
            results.Select(r => r.Error?.Code)
        );
        Assert.Equal((there.Uid, results[0].Task!.Uid), (results[2].Task!.Uid, results[7].Task!.Uid));
        Assert.Equal(["spots", "bars"], results[1].Task!.Classes);
        Assert.Equal(2, (await _client.Predicted("bulk-2", TinyWorld.Png(0, 100))).Predictions[0].Probabilities.Count);
        Assert.Equal(JobPhase.Succeeded, (await _client.Adapted("bulk-1", new AdaptRequest())).Phase);
        await (await _client.DeleteAsync("/v1/datasets/bulk", Cancellation)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "in-use"
        );
        await (await _client.PostJson("/v1/tasks/bulk", new CreateTasksRequest([]))).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "request-invalid"
        );
        await (
            await _client.PostJson("/v1/tasks/bulk", new CreateTasksRequest([.. Enumerable.Repeat(like, 1001)]))
        ).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "request-invalid");
    }

    [Fact]
    public async Task Predict_NameOfADeletedTask_IsTheNewTasks()
    {
        var first = await _client.PutTinyTask("renewed");
        await _client.Predicted("renewed", TinyWorld.Png(0, 100));
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _client.DeleteAsync("/v1/tasks/renewed", Cancellation)).StatusCode
        );
        await (await _client.GetAsync("/v1/tasks/renewed", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );

        var second = await (
            await _client.PostJson("/v1/tasks", first.Spec with { Classes = ["spots", "bars"] })
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);

        Assert.NotEqual(first.Uid, second.Uid);
        Assert.Equal(["spots", "bars"], (await _client.Predicted("renewed", TinyWorld.Png(0, 100))).Classes);
    }

    [Fact]
    public async Task Jobs_ListGetEventsCancel()
    {
        await _client.PutTinyTask("jobs");
        var job = await _client.Adapted("jobs", new AdaptRequest { Id = "jobs-1" });
        var events = await _client.Events("jobs-1");
        Assert.Equal("done", events[^1].EventType);
        Assert.Equal(job.Finished, (await _client.Get<JobInfo>("/v1/jobs/jobs-1")).Finished);
        Assert.Contains(
            (await _client.Get<Page<JobInfo>>("/v1/jobs?phase=succeeded&limit=1000")).Items,
            j => j.Id == "jobs-1"
        );
        await (await _client.PostAsync("/v1/jobs/jobs-1/cancel", null, Cancellation)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "job-finished"
        );
        await (await _client.PostAsync("/v1/jobs/none/cancel", null, Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        await (await _client.GetAsync("/v1/jobs/none/events", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        await (await _client.GetAsync("/v1/jobs/none", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Fact]
    public async Task Cancel_RunningJob_EndsCancelledAndTheTaskStaysUsable()
    {
        await _client.PutTinyTask("cancel");
        var long_ = new AdaptRequest
        {
            Id = "cancel-1",
            Options = new MethodOptions { Steps = 100_000 },
        };
        await (await _client.PostJson("/v1/tasks/cancel/adapt", long_)).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        await (await _client.PostJson("/v1/tasks/cancel/adapt", new AdaptRequest { Id = "cancel-2" })).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "job-conflict"
        );
        await (await _client.PostAsync("/v1/jobs/cancel-1/cancel", null, Cancellation)).ShouldBe<JobInfo>(
            HttpStatusCode.OK
        );
        var last = (await _client.Events("cancel-1")).Last();
        Assert.Equal(("done", JobPhase.Cancelled), (last.EventType, last.Data.Phase));
        Assert.Equal(JobPhase.Succeeded, (await _client.Adapted("cancel", new AdaptRequest { Id = "cancel-3" })).Phase);
    }

    private async Task Activate(string name, int version) =>
        Assert.Equal(
            version,
            (
                await (
                    await _client.PostJson($"/v1/tasks/{name}/activate", new ActivateRequest(version))
                ).ShouldBe<TaskInfo>(HttpStatusCode.OK)
            ).ActiveVersion
        );

    private static float[] Numbers(PredictResponse response) =>
        [.. response.Predictions.SelectMany(p => p.Probabilities)];
}
