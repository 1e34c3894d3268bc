using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Api.Conventions;
using ComodCluster.Silo.Api.Limits;
using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Datasets;

public static class DatasetEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<UploadLimits>();
        var datasets = routes.MapGroup("/datasets").WithTags("Datasets");
        datasets.MapGet("", List).WithName("listDatasets").WithSummary("Data sets, by name").Refuses(400);
        datasets.MapGet("/{name}", Get).WithName("getDataset").WithSummary("One data set").Refuses(404);
        datasets
            .MapPut("/{name}", Put)
            .WithName("putDataset")
            .WithSummary("Uploads an archive; a job imports it")
            .WithDescription(
                "A zip or tar of `<class>/...` or `{train,test}/<class>/...` folders, of CIFAR's binary or Python files, or in "
                    + "CelebA's layout. The layout is found out; `layout`, or `train` and `test` with the paths of "
                    + "these folders, overrule that. Without a test split a fifth of each class is held out by `seed`. "
                    + "`encoding` is that of names that are not Unicode. With `skipUnreadable` images that cannot be "
                    + "read are left out. `report` of the data set says what was made of the archive. "
                    + "With the `job` of an earlier request and the same archive it starts nothing and returns that "
                    + "job. What is wrong inside the archive is told by the job. A `digest` (SHA-256, hexadecimal) or a "
                    + "Content-Digest header is checked against what arrived."
            )
            .Accepts<Stream>("application/zip", "application/octet-stream")
            .WithMetadata(new BodyLimit(limits.ArchiveBytes), new StreamedBody(), new AdmittedAs(Admitted.Upload))
            .Refuses(400, 408, 409, 413, 415, 422, 429, 507);
        datasets
            .MapPost("", Create)
            .WithName("createDataset")
            .WithSummary("Draws scenes, or composes canvases from another data set, as a job")
            .WithMetadata(new AdmittedAs(Admitted.Job))
            .Refuses(400, 404, 409, 422, 429);
        datasets
            .MapGet("/{name}/images/{split}/{index:int}", Image)
            .WithName("getDatasetImage")
            .WithSummary("One image, as it was uploaded or drawn")
            .WithDescription(
                "The header X-Label has its class, or its attributes separated by commas, percent-encoded."
            )
            .Produces(200, contentType: "image/png", additionalContentTypes: ["image/jpeg", "image/webp", "image/bmp"])
            .Refuses(400, 404, 409);
        datasets
            .MapDelete("/{name}", Delete)
            .WithName("deleteDataset")
            .WithSummary("Deletes a data set that no task refers to")
            .Refuses(404, 409);
    }

    private static async Task<Ok<Page<DatasetInfo>>> List(
        Caller caller,
        CatalogReader catalog,
        CancellationToken cancellation,
        string? phase = null,
        string? after = null,
        int? limit = null
    )
    {
        var page = Paging.Of(after, limit);
        return TypedResults.Ok(
            await catalog.ListDatasets(
                caller.Tenant,
                Spelling.ParseOptional<DatasetPhase>(phase, nameof(phase)),
                page.After,
                page.Limit,
                cancellation
            )
        );
    }

    private static async Task<Ok<DatasetInfo>> Get(
        string name,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await (await named.Dataset(caller.Tenant, name, cancellation)).Get(cancellation));

    private static async Task<Accepted<JobInfo>> Put(
        string name,
        HttpRequest request,
        Caller caller,
        NamedGrains named,
        Admission admission,
        BlobStore blobs,
        UploadLimits limits,
        CancellationToken cancellation,
        int seed = 0,
        string? job = null,
        string? digest = null,
        string? layout = null,
        string? train = null,
        string? test = null,
        string? encoding = null,
        bool skipUnreadable = false
    )
    {
        Names.Check(name, "dataset");
        if (job is not null)
            Names.Check(job, "job");
        var import = new ImportSettings
        {
            Layout = Spelling.ParseOptional<ImportLayout>(layout, nameof(layout)),
            Train = train,
            Test = test,
            Encoding = encoding,
            SkipUnreadable = skipUnreadable,
        };
        var source = new DatasetSource
        {
            Kind = DatasetSourceKind.Upload,
            Seed = seed,
            Import = import == new ImportSettings() ? null : import,
        };
        source.Options().Check();
        var promised = ContentDigest.OfQuery(digest);
        // With a job the request may be the repetition of the one that took the name.
        if (job is null)
            await named.DatasetOrNew(
                caller.Tenant,
                name,
                async dataset =>
                {
                    await dataset.CheckFree(cancellation);
                    return true;
                },
                cancellation
            );
        using var place = await admission.Upload(request.HttpContext);
        await using var archive = await blobs.ReceiveUpload(
            request.Body,
            request.ContentLength,
            limits.ArchiveBytes,
            cancellation
        );
        ContentDigest.Require(promised, archive.Digest);
        var spec = new DatasetSpec { Name = name, Source = source with { Blob = archive.Digest } };
        // The data set that has the name knows its own job, whose archive may be lost; it refuses others.
        if (job is not null && await Taken(caller.Tenant, name, named, cancellation) is var (dataset, info))
        {
            if (info.Phase == DatasetPhase.Importing && info.Source.Blob == archive.Digest)
                await archive.Keep(caller.Tenant, cancellation);
            return Begun(await dataset.Create(caller.Tenant.Value, spec, job, cancellation));
        }
        var kept = await archive.Keep(caller.Tenant, cancellation);
        spec = spec with { Source = spec.Source with { Stored = kept.Kept } };
        // What is stored is imported, whether the client still waits or not.
        return Begun(await Begin(spec, job, caller, named, CancellationToken.None));
    }

    /// <summary>The data set that has the name for good.</summary>
    private static async Task<(IDatasetGrain Dataset, DatasetInfo Info)?> Taken(
        TenantName tenant,
        string name,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        try
        {
            var dataset = await named.Dataset(tenant, name, cancellation);
            var info = await dataset.Get(cancellation);
            return info.Phase == DatasetPhase.Failed ? null : (dataset, info);
        }
        catch (ComodException e) when (e.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }

    private static async Task<Accepted<JobInfo>> Create(
        DatasetSpec spec,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation,
        string? job = null
    )
    {
        Names.Check(spec.Name, "dataset");
        if (job is not null)
            Names.Check(job, "job");
        if (spec.Source.Kind == DatasetSourceKind.Upload)
            throw new ComodException(
                ErrorCodes.RequestInvalid,
                400,
                $"An archive is uploaded with PUT /v1/datasets/{spec.Name}; this route takes kind scenes or clutter."
            );
        return Begun(await Begin(spec, job, caller, named, cancellation));
    }

    private static Task<JobInfo> Begin(
        DatasetSpec spec,
        string? job,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) =>
        named.DatasetOrNew(
            caller.Tenant,
            spec.Name,
            dataset => dataset.Create(caller.Tenant.Value, spec, job, cancellation),
            cancellation
        );

    private static async Task<FileContentHttpResult> Image(
        string name,
        string split,
        int index,
        HttpResponse response,
        Caller caller,
        NamedGrains named,
        DatasetImages images,
        CancellationToken cancellation
    )
    {
        var place = Spelling.Parse<DatasetSplit>(split, nameof(split));
        var image = await images.Read(
            caller.Tenant,
            await (await named.Dataset(caller.Tenant, name, cancellation)).Get(cancellation),
            place,
            index,
            cancellation
        );
        response.Headers["X-Label"] = Uri.EscapeDataString(image.Label).Replace("%2C", ",", StringComparison.Ordinal);
        return TypedResults.File(image.Bytes, ImageType.Of(image.Bytes));
    }

    private static async Task<NoContent> Delete(
        string name,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        await (await named.Dataset(caller.Tenant, name, cancellation)).Delete(cancellation);
        return TypedResults.NoContent();
    }

    private static Accepted<JobInfo> Begun(JobInfo job) => TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
}
