using ComodCluster.Api;
using ComodCluster.Api.Planning;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Workers;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Plans;

public static class PlanEndpoint
{
    private const int MaxTimeoutMs = PlanRequest.MaxSeconds * 1000,
        DefaultTimeoutMs = 120_000;

    public static void MapPlan(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/plan", Make)
            .WithTags("Plan")
            .WithName("planTask")
            .WithSummary("What a task will cost and return, before any adaptation")
            .WithDescription(
                "Looks at up to 512 training images for some seconds and registers nothing: how different the task "
                    + "is from what the backbone separates, a ranking of the places to cut, "
                    + "which amplitudes of the noise are safe, the accuracy to be expected of a readout, cost and "
                    + "return, and a recommendation. Predictions go first, and adaptations take turns with it. "
                    + $"Without timeoutMs the answer is 504 after {DefaultTimeoutMs / 1000} seconds."
            )
            .Refuses(400, 404, 409, 422, 429, 503, 504);

    private static async Task<Ok<PlanReport>> Make(
        PlanRequest request,
        int? timeoutMs,
        Caller caller,
        IGrainFactory grains,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (timeoutMs is < 1 or > MaxTimeoutMs)
            throw new ComodException(
                ErrorCodes.RequestInvalid,
                StatusCodes.Status400BadRequest,
                $"timeoutMs is {timeoutMs}; choose 1 to {MaxTimeoutMs} milliseconds."
            );
        Names.Check(request.Backbone, "backbone");
        Names.Check(request.Dataset, "data set");
        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs ?? DefaultTimeoutMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            var affinity = new Affinity(caller.Tenant, request.Backbone, request.Dataset);
            var plans = grains.Plan(new(affinity));
            return TypedResults.Ok(
                await MovingGrain.Ask(
                    () =>
                    {
                        WorkerServices.PlaceNext(affinity);
                        return plans.Make(caller.Tenant.Value, request, either.Token);
                    },
                    time,
                    either.Token
                )
            );
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ComodException(
                HttpCodes.DeadlineExceeded,
                StatusCodes.Status504GatewayTimeout,
                $"The plan was not there within {timeoutMs ?? DefaultTimeoutMs} ms; allow more with timeoutMs, or "
                    + $"let it look at fewer images."
            );
        }
    }
}
