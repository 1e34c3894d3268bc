using System.Runtime.CompilerServices;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Api.Conventions;
using ComodCluster.Silo.Api.Limits;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Tasks;

public static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/tasks").WithTags("Tasks");
        tasks
            .MapPost("", Create)
            .WithName("createTask")
            .WithSummary("Registers a task")
            .WithDescription(
                "The backbone and the data set must be ready. Nothing is computed yet: a task whose readout is "
                    + "`head` answers predictions with the base at once, "
                    + "one with its `own` readout after its first adaptation. The same request again returns the "
                    + "task that is there."
            )
            .Refuses(400, 404, 409, 422);
        tasks
            .MapPost("/bulk", CreateMany)
            .WithName("createTasks")
            .WithSummary("Registers up to 1000 tasks in one transaction")
            .WithDescription(
                "One result per task, in the same order: a task that is refused keeps none of the others back. The "
                    + "same request again returns the tasks that are there."
            )
            .Refuses(400, 422);
        tasks.MapGet("", List).WithName("listTasks").WithSummary("Tasks, by name").Refuses(400);
        tasks.MapGet("/{name}", Get).WithName("getTask").WithSummary("One task").Refuses(404);
        tasks
            .MapPost("/{name}/adapt", Adapt)
            .WithName("adaptTask")
            .WithSummary("Starts an adaptation")
            .WithDescription(
                "One trial per method and seed. With the `id` of an earlier request and the same content it starts "
                    + "nothing and returns that job."
            )
            .WithMetadata(new AdmittedAs(Admitted.Job))
            .Refuses(400, 404, 409, 422, 429);
        tasks
            .MapGet("/{name}/versions", Versions)
            .WithName("listVersions")
            .WithSummary("The versions of a task, oldest first")
            .WithDescription(
                "All of them, or with `limit` a page; `after` is the number of the last version of the page before, "
                    + "and the header Link names the next page."
            )
            .Refuses(400, 404);
        tasks
            .MapGet("/{name}/versions/{version:int}/maps", Maps)
            .WithName("getVersionMaps")
            .WithSummary("Couplings, decoder gain and learning curve of a version")
            .Refuses(404);
        tasks
            .MapPost("/{name}/activate", Activate)
            .WithName("activateVersion")
            .WithSummary("Serves another version, or the base (0), from now on")
            .Refuses(400, 404, 409);
        tasks
            .MapDelete("/{name}", Delete)
            .WithName("deleteTask")
            .WithSummary("Deletes a task and its versions; running jobs of it are cancelled")
            .Refuses(404);
    }

    private static async Task<Created<TaskInfo>> Create(
        TaskSpec spec,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        Names.Check(spec.Name, "task");
        WorkerServices.PlaceNext(new(caller.Tenant, spec.Backbone, spec.Dataset));
        var task = await named.TaskOrNew(
            caller.Tenant,
            spec.Name,
            grain => grain.Create(caller.Tenant.Value, spec, cancellation),
            cancellation
        );
        return TypedResults.Created($"/v1/tasks/{spec.Name}", task);
    }

    private static async Task<Ok<CreateTasksResponse>> CreateMany(
        CreateTasksRequest request,
        Caller caller,
        IGrainFactory grains,
        CancellationToken cancellation
    ) =>
        TypedResults.Ok(
            new CreateTasksResponse(
                await grains.GetGrain<ITaskRegistrar>(0).Create(caller.Tenant.Value, new(request.Tasks), cancellation)
            )
        );

    private static async Task<Ok<Page<TaskInfo>>> List(
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
            await catalog.ListTasks(
                caller.Tenant,
                Spelling.ParseOptional<TaskPhase>(phase, nameof(phase)),
                page.After,
                page.Limit,
                cancellation
            )
        );
    }

    private static async Task<Ok<TaskInfo>> Get(
        string name,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await named.AskTask(caller.Tenant, name, task => task.Get(cancellation), cancellation));

    private static async Task<Accepted<JobInfo>> Adapt(
        string name,
        AdaptRequest request,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        if (request.Id is not null)
            Names.Check(request.Id, "job");
        var job = await named.AskTask(caller.Tenant, name, task => task.Adapt(request, cancellation), cancellation);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", job);
    }

    private static async Task<Ok<IAsyncEnumerable<VersionInfo>>> Versions(
        string name,
        HttpResponse response,
        Caller caller,
        CatalogReader catalog,
        CancellationToken cancellation,
        int after = 0,
        int? limit = null
    )
    {
        var size = Paging.Of(null, limit ?? CatalogReader.MaxPage).Limit;
        var first = await Page(after, cancellation);
        if (limit is not null && first.Next is { } next)
            response.Headers.Link = $"</v1/tasks/{name}/versions?after={next}&limit={size}>; rel=\"next\"";
        return TypedResults.Ok(All(cancellation));

        Task<Page<VersionInfo>> Page(int from, CancellationToken stop) =>
            catalog.ListVersions(caller.Tenant, name, from, size, stop);

        // Page by page: nobody holds all versions of a task at once.
        async IAsyncEnumerable<VersionInfo> All([EnumeratorCancellation] CancellationToken stop)
        {
            for (var page = first; ; page = await Page(page.Items[^1].Version, stop))
            {
                foreach (var version in page.Items)
                    yield return version;
                if (limit is not null || page.Next is null)
                    yield break;
            }
        }
    }

    private static async Task<Ok<VersionMaps>> Maps(
        string name,
        int version,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) =>
        TypedResults.Ok(
            await named.AskTask(caller.Tenant, name, task => task.Maps(version, cancellation), cancellation)
        );

    private static async Task<Ok<TaskInfo>> Activate(
        string name,
        ActivateRequest request,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) =>
        TypedResults.Ok(
            await named.AskTask(caller.Tenant, name, task => task.Activate(request.Version, cancellation), cancellation)
        );

    private static async Task<NoContent> Delete(
        string name,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    )
    {
        await named.AskTask(
            caller.Tenant,
            name,
            async task =>
            {
                await task.Delete(cancellation);
                return true;
            },
            cancellation
        );
        return TypedResults.NoContent();
    }
}
