using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Silo.Api.Limits;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace ComodCluster.Silo.Api.Tasks;

public static class PredictEndpoint
{
    private const int MaxTimeoutMs = 60_000;

    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<UploadLimits>();
        routes
            .MapPost("/tasks/{name}/predict", Predict)
            .WithTags("Tasks")
            .WithName("predict")
            .WithSummary("Probabilities of images under the active version")
            .WithDescription(
                $"One image as the body, or 1 to {PredictBody.MaxImages} as the parts of a form. PNG, JPEG, WebP or "
                    + $"BMP, each at most 20 MB and 40 megapixels. "
                    + "The answer names the version that gave it. With timeoutMs, what has not begun by then is not "
                    + "computed and the answer is 504. An image that cannot be used makes the answer a problem whose "
                    + "`images` name all such images, with index, file name and reason; with `partial=true` the "
                    + "others are answered, and its own prediction has `error` instead."
            )
            .Accepts<Stream>("multipart/form-data", "image/*", "application/octet-stream")
            .WithMetadata(new BodyLimit(limits.PredictBytes), new AdmittedAs(Admitted.Prediction))
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    DescribeBody(operation);
                    return Task.CompletedTask;
                }
            )
            .Refuses(400, 404, 408, 409, 413, 415, 422, 429, 503, 504);
    }

    private static async Task<Ok<PredictResponse>> Predict(
        string name,
        int? timeoutMs,
        bool? partial,
        HttpRequest request,
        Caller caller,
        NamedGrains named,
        Admission admission,
        PredictInstruments instruments,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        using var measured = instruments.Start();
        if (timeoutMs is < 1 or > MaxTimeoutMs)
            throw new ComodException(
                ErrorCodes.RequestInvalid,
                StatusCodes.Status400BadRequest,
                $"timeoutMs is {timeoutMs}; choose 1 to {MaxTimeoutMs} milliseconds."
            );
        using var timer = timeoutMs is { } milliseconds
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds), time)
            : null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation,
            timer?.Token ?? CancellationToken.None
        );
        try
        {
            // Before the body is read.
            await named.KnowTask(caller.Tenant, name, either.Token);
            var images = await PredictBody.Read(request, either.Token);
            using var place = admission.Predict(caller.Tenant, name);
            var response = await new SentImages(images, partial is true).Predict(
                some =>
                    MovingGrain.Ask(
                        () =>
                            named.AskTask(caller.Tenant, name, task => task.Predict(some, either.Token), either.Token),
                        time,
                        either.Token
                    ),
                () => named.AskTask(caller.Tenant, name, task => task.Get(either.Token), either.Token)
            );
            measured.Answered(images.Count);
            return TypedResults.Ok(response);
        }
        catch (OperationCanceledException)
            when (timer?.IsCancellationRequested == true && !cancellation.IsCancellationRequested)
        {
            throw new ComodException(
                HttpCodes.DeadlineExceeded,
                StatusCodes.Status504GatewayTimeout,
                $"The prediction was not there within {timeoutMs} ms; allow more, or try again when the worker is "
                    + $"less busy."
            );
        }
    }

    private static void DescribeBody(OpenApiOperation operation)
    {
        var image = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var form = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["image"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = image,
                    MinItems = 1,
                    MaxItems = PredictBody.MaxImages,
                },
            },
            Required = new HashSet<string> { "image" },
        };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new() { Schema = form },
                ["image/*"] = new() { Schema = image },
                ["application/octet-stream"] = new() { Schema = image },
            },
        };
    }
}
