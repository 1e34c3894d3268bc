using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Refusals;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;
using Orleans.Concurrency;

namespace ComodCluster.Grains.Tasks;

/// <summary>
/// Writes the rows of tasks that nobody can have called yet; from then on their own grains write them.
/// </summary>
[StatelessWorker]
internal sealed class TaskRegistrar(CatalogDatabase catalog, TaskBinding binding, TimeProvider time)
    : Grain,
        ITaskRegistrar
{
    // Others may register the same names at the same time.
    private const int Attempts = 3;

    public async Task<IReadOnlyList<TaskRegistration>> Create(
        string tenant,
        Immutable<IReadOnlyList<TaskSpec>> specs,
        CancellationToken cancellation
    )
    {
        if (specs.Value.Count is 0 or > CreateTasksRequest.MaxTasks)
            throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                $"There are {specs.Value.Count} tasks to register; send 1 to {CreateTasksRequest.MaxTasks}."
            );
        var bound = new Bound[specs.Value.Count];
        // Tasks that differ in nothing but their names are looked at once.
        var alike = new Dictionary<string, Bound>(StringComparer.Ordinal);
        for (var i = 0; i < bound.Length; i++)
        {
            var spec = specs.Value[i];
            var kind = CatalogJson.Write(spec with { Name = "" });
            if (!alike.TryGetValue(kind, out var like))
                alike[kind] = like = await Bind(new(tenant), spec, cancellation);
            bound[i] = Named(spec, like);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await catalog.Write((rows, stop) => Write(rows, new(tenant), bound, stop), cancellation);
            }
            catch (CatalogConflictException) when (attempt < Attempts)
            {
                // Whoever was first is found by the next attempt.
            }
        }
    }

    private async Task<Bound> Bind(TenantName tenant, TaskSpec spec, CancellationToken cancellation)
    {
        try
        {
            return new(spec, await binding.Bind("", tenant, spec, time.GetUtcNow(), cancellation), null);
        }
        catch (Exception failure) when (RefusalFilter.Translate(failure) is { Status: < 500 } refusal)
        {
            return new(spec, null, new(refusal.Code, refusal.Message));
        }
    }

    private Bound Named(TaskSpec spec, Bound like)
    {
        if (!ObjectNames.IsValid(spec.Name))
            return new(spec, null, new(ErrorCodes.NameInvalid, ObjectNames.Rule(spec.Name, "task")));
        return like.Task is not { } task
            ? like with
            {
                Spec = spec,
            }
            : new(
                spec,
                task with
                {
                    Info = task.Info with { Uid = ObjectKey.New(ObjectKind.Task, time).Uid, Spec = spec },
                },
                null
            );
    }

    private static async Task<IReadOnlyList<TaskRegistration>> Write(
        CatalogContext rows,
        TenantName tenant,
        Bound[] tasks,
        CancellationToken cancellation
    )
    {
        foreach (
            var need in tasks
                .Select(t => t.Task)
                .OfType<StoredTask>()
                .SelectMany(t => new[] { t.BackboneUid, t.DatasetUid })
                .Distinct()
                .Order(StringComparer.Ordinal)
        )
            await rows.Need(need, cancellation);
        var (kind, names) = (ObjectKind.Task.Name, tasks.Select(t => t.Spec.Name).ToArray());
        var there = (
            await rows
                .Objects.AsNoTracking()
                .Where(o =>
                    o.Kind == kind
                    && o.Tenant == tenant.Value
                    && o.Phase != ObjectPhase.Deleted
                    && names.Contains(o.Name)
                )
                .ToListAsync(cancellation)
        ).ToDictionary(
            o => o.Name,
            o => CatalogJson.Read<StoredTask>(o.Payload, o.Schema).Info,
            StringComparer.Ordinal
        );
        var results = new List<TaskRegistration>(tasks.Length);
        foreach (var (spec, task, error) in tasks)
        {
            if (error is not null)
                results.Add(new() { Name = spec.Name, Error = error });
            else if (!there.TryGetValue(spec.Name, out var known))
            {
                rows.Objects.Add(
                    StoredTasks.Layout.NewRow(task!.Info.Uid, tenant, spec.Name, task, task.Info.Created, rows.Format)
                );
                foreach (var need in new[] { task.BackboneUid, task.DatasetUid })
                    rows.Links.Add(new LinkRow { FromUid = task.Info.Uid, ToUid = need });
                there[spec.Name] = task.Info;
                results.Add(new() { Name = spec.Name, Task = task.Info });
            }
            else if (StoredTasks.IsSame(known.Spec, spec))
                results.Add(new() { Name = spec.Name, Task = known });
            else
                results.Add(
                    new()
                    {
                        Name = spec.Name,
                        Error = new(ErrorCodes.NameTaken, StoredTasks.Layout.NameTaken(spec.Name).Message),
                    }
                );
        }
        return results;
    }

    private sealed record Bound(TaskSpec Spec, StoredTask? Task, TaskRefusal? Error);
}
