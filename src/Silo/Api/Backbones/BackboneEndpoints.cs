using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Engine.Backbones;
using ComodCluster.Grains.Backbones.BuiltIn;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Silo.Api.Conventions;
using ComodCluster.Silo.Api.Limits;
using ComodCluster.Silo.Backbones;
using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Backbones;

public static class BackboneEndpoints
{
    public static void MapBackbones(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<UploadLimits>();
        var backbones = routes.MapGroup("/backbones").WithTags("Backbones");
        backbones
            .MapGet("", List)
            .WithName("listBackbones")
            .WithSummary("Backbones, by name")
            .WithDescription("Those that ship with the silo are `available` until a request first names them.")
            .Refuses(400);
        backbones.MapGet("/{name}", Get).WithName("getBackbone").WithSummary("One backbone").Refuses(404);
        backbones
            .MapGet("/{name}/weights", Weights)
            .WithName("getBackboneWeights")
            .WithSummary("The weights, a safetensors file")
            .Produces<Stream>(200, "application/octet-stream")
            .Refuses(404, 409);
        backbones
            .MapPut("/{name}", Put)
            .WithName("putBackbone")
            .WithSummary("Registers weights")
            .WithDescription(
                "The body is a safetensors file or a state dict that PyTorch saved, of a ResNet with the names of "
                    + "torchvision, timm or Transformers, or an ONNX model of one; nothing of it is executed. Its "
                    + "architecture is recognised, and `architecture` checks it. `classes` names the rows of the head, separated by commas; without "
                    + "it they are numbered. `inputSize` (96 to 384) is the side of the images that the network is to "
                    + "see. A `digest` (SHA-256, hexadecimal) or a Content-Digest header is checked against what "
                    + "arrived. What needs it is converted to a safetensors file that describes itself: the digest of "
                    + "the answer is that file's. The same request again answers with what is there; the same weights "
                    + "under another name may have other classes."
            )
            .Accepts<Stream>("application/octet-stream")
            .WithMetadata(new BodyLimit(limits.WeightsBytes), new StreamedBody(), new AdmittedAs(Admitted.Upload))
            .Refuses(400, 408, 409, 413, 415, 422, 429, 507);
        backbones
            .MapPost("/{name}/train", Train)
            .WithName("trainBackbone")
            .WithSummary("Trains a small backbone from scratch, as a job")
            .WithMetadata(new AdmittedAs(Admitted.Job))
            .Refuses(400, 404, 409, 422, 429);
        backbones
            .MapDelete("/{name}", Delete)
            .WithName("deleteBackbone")
            .WithSummary("Deletes a backbone that no task refers to")
            .Refuses(404, 409);
    }

    private static async Task<Ok<Page<BackboneInfo>>> List(
        Caller caller,
        BuiltInBackbones builtIn,
        CancellationToken cancellation,
        string? phase = null,
        string? after = null,
        int? limit = null
    )
    {
        var page = Paging.Of(after, limit);
        return TypedResults.Ok(
            await builtIn.List(
                caller.Tenant,
                Spelling.ParseOptional<BackbonePhase>(phase, nameof(phase)),
                page.After,
                page.Limit,
                cancellation
            )
        );
    }

    private static async Task<Ok<BackboneInfo>> Get(
        string name,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await (await named.Backbone(caller.Tenant, name, cancellation)).Get(cancellation));

    private static async Task<FileStreamHttpResult> Weights(
        string name,
        Caller caller,
        NamedGrains named,
        BlobStore blobs,
        CancellationToken cancellation
    )
    {
        var backbone = await (await named.Backbone(caller.Tenant, name, cancellation)).Get(cancellation);
        if (backbone.Phase != BackbonePhase.Ready || backbone.Digest is not { } digest)
            throw new ComodException(
                ErrorCodes.NotReady,
                409,
                $"Backbone '{name}' is {Spelling.Of(backbone.Phase)} and has no weights yet; wait for its training "
                    + $"job to succeed."
            );
        return TypedResults.File(
            await blobs.OpenAsync(caller.Tenant, digest, cancellation),
            "application/octet-stream",
            $"{name}.safetensors"
        );
    }

    private static async Task<Created<BackboneInfo>> Put(
        string name,
        HttpRequest request,
        Caller caller,
        Admission admission,
        BackboneRegistrar registrar,
        BlobStore blobs,
        UploadLimits limits,
        CancellationToken cancellation,
        string? architecture = null,
        string? classes = null,
        int? inputSize = null,
        string? digest = null
    )
    {
        Names.Check(name, "backbone");
        var claim = new BackboneClaim(
            architecture,
            classes?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            inputSize
        );
        var promised = ContentDigest.OfQuery(digest);
        using var place = await admission.Upload(request.HttpContext);
        await using var received = await blobs.ReceiveUpload(
            request.Body,
            request.ContentLength,
            limits.WeightsBytes,
            cancellation
        );
        ContentDigest.Require(promised, received.Digest);
        var backbone = await registrar.Register(caller.Tenant, name, received, claim, cancellation);
        return TypedResults.Created($"/v1/backbones/{name}", backbone);
    }

    private static async Task<Accepted<JobInfo>> Train(
        string name,
        TrainBackboneRequest request,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        Names.Check(name, "backbone");
        if (request.JobId is not null)
            Names.Check(request.JobId, "job");
        if (request.Name != name)
            throw new ComodException(
                ErrorCodes.RequestInvalid,
                400,
                $"The body names '{request.Name}' and the address '{name}'; use one name."
            );
        var job = await named.BackboneOrNew(
            caller.Tenant,
            name,
            backbone => backbone.Train(caller.Tenant.Value, request, cancellation),
            cancellation
        );
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
    }

    private static async Task<NoContent> Delete(
        string name,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        await (await named.StoredBackbone(caller.Tenant, name, cancellation)).Delete(cancellation);
        return TypedResults.NoContent();
    }
}
