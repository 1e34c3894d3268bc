using System.Net;
using System.Text.Json;
using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Silo.Tests.Api.Plans;

public class PlanEndpointTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_TinyWorld_RecommendsWhatCanThenBeAdapted()
    {
        await _client.PutTinyBackbone("planned");
        await _client.PutDataset("planned", TinyWorld.Archive(40));
        var request = new PlanRequest
        {
            Backbone = "planned",
            Dataset = "planned",
            Classes = ["bars", "spots"],
            Options = new MethodOptions
            {
                Grid = 4,
                Steps = 20,
                Batch = 8,
                Examples = 40,
            },
            Seed = 1,
        };
        var response = await _client.PostJson("/v1/plan", request);
        var plan = await response.ShouldBe<PlanReport>(HttpStatusCode.OK);
        Assert.Equal(["bars", "spots"], plan.Classes);
        Assert.Equal(
            (ReadoutMode.Head, 40, 40, 20),
            (plan.Readout, plan.Examples, plan.Images, plan.Recommendation.Steps)
        );
        Assert.Equal(["stem", "layer1", "layer2", "layer3"], plan.Cuts.Select(c => c.Cut));
        Assert.Contains(plan.Cuts, c => c.Rank == 1 && c.Cut == plan.Recommendation.Cut);
        Assert.Equal([PlanMethod.Readout, PlanMethod.Comodulation, PlanMethod.Full], plan.Costs.Select(c => c.Method));
        Assert.Contains("\"method\":\"full\"", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains(plan.Warnings, w => w.Contains("cross-validated", StringComparison.Ordinal));
        Assert.All([.. plan.Recommendation.Reasons, .. plan.Warnings], s => Assert.EndsWith(".", s));

        // Nothing was registered; the recommendation is what a task and its adaptation take.
        await (await _client.GetAsync("/v1/tasks/plan", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        var options = request.Options! with { Cut = plan.Recommendation.Cut, Sigma = plan.Recommendation.Sigma };
        await (
            await _client.PostJson(
                "/v1/tasks",
                new TaskSpec
                {
                    Name = "planned",
                    Backbone = "planned",
                    Dataset = "planned",
                    Classes = plan.Classes,
                    Options = options,
                }
            )
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        Assert.Null(
            (await _client.Adapted("planned", new AdaptRequest { Methods = [Method.Comodulation], Seeds = [1] })).Error
        );
        var version = Assert.Single(await _client.Get<List<VersionInfo>>("/v1/tasks/planned/versions"));
        Assert.Equal(plan.Costs[1].TrainedParameters, version.TrainedParameters);
        Assert.InRange(version.StateBytes - plan.Costs[1].StateBytes, -16, 16);
    }

    [Fact]
    public async Task Plan_ClassesUnknownToTheBackbone_GetAReadoutOfTheirOwnAndAWarning()
    {
        await _client.PutTinyBackbone("plan-own");
        await _client.PutDataset("plan-own", TinyWorld.Archive(20, "left", "right"));
        var plan = await (
            await _client.PostJson("/v1/plan", new PlanRequest { Backbone = "plan-own", Dataset = "plan-own" })
        ).ShouldBe<PlanReport>(HttpStatusCode.OK);
        Assert.Equal((ReadoutMode.Own, null), (plan.Readout, plan.HeadAccuracy));
        Assert.Contains(plan.Warnings, w => w.Contains("'left', 'right'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_WhatCannotBePlanned_IsRefusedWithCauseAndFix()
    {
        await _client.PutTinyBackbone("unplanned");
        await _client.PutDataset("unplanned", TinyWorld.Archive(20));
        await _client.PutDataset("refused-few", TinyWorld.Archive(2));
        var good = new PlanRequest { Backbone = "unplanned", Dataset = "unplanned" };
        Assert.Contains("'none'", await Refused(good with { Backbone = "none" }, HttpStatusCode.NotFound, "not-found"));
        Assert.Contains("'none'", await Refused(good with { Dataset = "none" }, HttpStatusCode.NotFound, "not-found"));
        Assert.Contains(
            "unicorns",
            await Refused(
                good with
                {
                    Classes = ["bars", "unicorns"],
                },
                HttpStatusCode.UnprocessableEntity,
                "label-unknown"
            )
        );
        await Refused(good with { Classes = ["bars"] }, HttpStatusCode.UnprocessableEntity, "task-one-class");
        Assert.Contains(
            "upload more",
            await Refused(good with { Dataset = "refused-few" }, HttpStatusCode.UnprocessableEntity, "examples-too-few")
        );
        await Refused(good with { Images = 4 }, HttpStatusCode.UnprocessableEntity, "settings-invalid");
        await Refused(
            good with
            {
                Options = new MethodOptions { Sigma = -1 },
            },
            HttpStatusCode.UnprocessableEntity,
            "settings-invalid"
        );
        await Refused(good with { Backbone = "No Name" }, HttpStatusCode.BadRequest, "name-invalid");
        await (await _client.PostText("/v1/plan", "{}")).ShouldBeProblem(HttpStatusCode.BadRequest, "request-invalid");
        await (await _client.PostJson("/v1/plan?timeoutMs=0", good)).ShouldBeProblem(
            HttpStatusCode.BadRequest,
            "request-invalid"
        );
        await (await _client.PostJson("/v1/plan?timeoutMs=1", good)).ShouldBeProblem(
            HttpStatusCode.GatewayTimeout,
            "deadline-exceeded"
        );

        async Task<string> Refused(PlanRequest request, HttpStatusCode status, string code) =>
            await (await _client.PostJson("/v1/plan", request)).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task Document_DescribesThePlan()
    {
        var document = JsonDocument.Parse(await _client.GetStringAsync("/openapi/v1.json", Cancellation)).RootElement;
        Assert.Equal(
            "planTask",
            document
                .GetProperty("paths")
                .GetProperty("/v1/plan")
                .GetProperty("post")
                .GetProperty("operationId")
                .GetString()
        );
        var cut = document
            .GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("PlanCut")
            .GetProperty("properties");
        Assert.Contains("LogME", cut.GetProperty("logMe").GetProperty("description").GetString());
    }
}
