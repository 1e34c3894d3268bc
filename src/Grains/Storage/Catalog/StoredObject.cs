using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>How an object's record is laid out in its row.</summary>
/// <param name="Phase">As the HTTP API spells it.</param>
/// <param name="Blob">Digest of the blob that the object needs.</param>
internal sealed record ObjectLayout<T>(ObjectKind Kind, Func<T, string> Phase, Func<T, string?> Blob)
{
    /// <param name="format">Of the catalog that it is written to.</param>
    public ObjectRow NewRow(string uid, string tenant, string name, T value, DateTimeOffset created, int format) => new()
    {
        Uid = uid,
        Kind = Kind.Stored(),
        Tenant = tenant,
        Name = name,
        Phase = Phase(value),
        Blob = Blob(value),
        Etag = 1,
        Schema = format,
        Created = created,
        Payload = CatalogJson.Write(value),
    };

    public ComodException NameTaken(string name) =>
        ComodException.Conflict(ErrorCodes.NameTaken, $"There is a {Kind.Stored()} named '{name}' already; take another name, or delete that one first.");
}

/// <summary>What is written in the same transaction as an object.</summary>
internal sealed record AlongWrite
{
    /// <summary>A job that begins with the write.</summary>
    public JobSpec? Job { get; init; }

    /// <summary>Uids of objects that this one needs from now on.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Anything else; what it throws undoes the write.</summary>
    public Func<CatalogContext, CancellationToken, Task>? Change { get; init; }
}

/// <summary>
/// One object's row as its grain holds it. <see cref="Value"/> changes only after the write succeeded; after a failed write the row is read again,
/// because the failure does not say whether the disk has it.
/// </summary>
internal sealed class StoredObject<T>(CatalogDatabase database, ObjectLayout<T> layout, string uid, TimeProvider time) where T : class
{
    private long _etag;
    private bool _known;
    private Task? _reading;

    /// <summary>Null where the object was never created. Tombstones have a value.</summary>
    public T? Value { get; private set; }

    public string Tenant { get; private set; } = "";

    public string Uid => uid;

    /// <summary>Reads the row, unless what is held is what was read or written last.</summary>
    public async Task Load(CancellationToken cancellation)
    {
        if (_known) return;
        // Calls that interleave share one reading: none ends after a write that another one began.
        var reading = _reading ??= Read();
        try
        {
            await reading.WaitAsync(cancellation);
        }
        finally
        {
            if (reading.IsCompleted && ReferenceEquals(_reading, reading)) _reading = null;
        }
    }

    /// <summary>
    /// Reads the row even so. Where a change is decided: until the directory of grains has healed after a silo's death, another activation may have written the row.
    /// </summary>
    public Task Refresh(CancellationToken cancellation)
    {
        _known = false;
        return Load(cancellation);
    }

    /// <exception cref="ComodException">name-taken, job-conflict, or not-found where a needed object was deleted meanwhile.</exception>
    public async Task Create(string tenant, string name, T value, DateTimeOffset created, AlongWrite along, CancellationToken cancellation)
    {
        await Write(async (catalog, stop) =>
        {
            // Asked in this order, whoever loses a race for both hears of the name.
            var jobTaken = await IsTaken(catalog, along.Job, stop);
            if (await catalog.Alive(layout.Kind, tenant, name).AnyAsync(stop)) throw layout.NameTaken(name);
            if (jobTaken) throw JobRows.Conflict(along.Job!.Id);
            catalog.Objects.Add(layout.NewRow(uid, tenant, name, value, created, catalog.Format));
            await Along(catalog, along, stop);
        }, async () =>
        {
            var taken = await database.Read((catalog, stop) => catalog.Alive(layout.Kind, tenant, name).AnyAsync(stop), cancellation);
            return taken || along.Job is null ? layout.NameTaken(name) : JobRows.Conflict(along.Job.Id);
        }, cancellation);
        (Value, Tenant, _etag, _known) = (value, tenant, 1, true);
    }

    /// <exception cref="ComodException">job-conflict; storage-unavailable where somebody else wrote the row.</exception>
    public async Task Save(T next, AlongWrite along, CancellationToken cancellation)
    {
        await Write(async (catalog, stop) =>
        {
            var row = await catalog.Claim(uid, stop);
            if (row.Etag != _etag) throw new CatalogConflictException();
            (row.Phase, row.Blob, row.Payload, row.Etag) = (layout.Phase(next), layout.Blob(next), CatalogJson.Write(next, row.Payload), _etag + 1);
            row.Schema = Math.Max(row.Schema, catalog.Format);
            if (await IsTaken(catalog, along.Job, stop)) throw JobRows.Conflict(along.Job!.Id);
            if (row.Phase == ObjectPhase.Deleted)
                await catalog.Links.Where(l => l.FromUid == uid).ExecuteDeleteAsync(stop);
            await Along(catalog, along, stop);
        }, async () => along.Job is { } job && await database.FindJobSpec(job.Tenant, job.Id, cancellation) is not null
            ? JobRows.Conflict(job.Id)
            : new ComodException(ErrorCodes.StorageUnavailable, 503, "The object was changed by another process at the same time; try again."), cancellation);
        (Value, _etag) = (next, _etag + 1);
    }

    private async Task Read()
    {
        var row = await database.Read((catalog, stop) => catalog.Objects.SingleOrDefaultAsync(o => o.Uid == uid, stop), CancellationToken.None);
        (Value, _etag, Tenant) = row is null ? (null, 0, "") : (CatalogJson.Read<T>(row.Payload, row.Schema), row.Etag, row.Tenant);
        _known = true;
    }

    private async Task Write(Func<CatalogContext, CancellationToken, Task> change, Func<Task<ComodException>> onConflict, CancellationToken cancellation)
    {
        try
        {
            await database.Write(async (catalog, stop) =>
            {
                await change(catalog, stop);
                return true;
            }, cancellation);
        }
        catch (Exception e)
        {
            _known = false;
            await ReadAgain();
            if (e is CatalogConflictException) throw await onConflict();
            throw;
        }
    }

    // Where this fails as well, the next call reads.
    private async Task ReadAgain()
    {
        try
        {
            await Load(CancellationToken.None);
        }
        catch (ComodException)
        {
            _known = false;
        }
    }

    private static async Task<bool> IsTaken(CatalogContext catalog, JobSpec? job, CancellationToken cancellation) =>
        job is not null && await catalog.Jobs.AnyAsync(j => j.Tenant == job.Tenant && j.Id == job.Id, cancellation);

    private async Task Along(CatalogContext catalog, AlongWrite along, CancellationToken cancellation)
    {
        if (along.Job is { } job) catalog.Jobs.Add(JobRows.New(job, time.GetUtcNow(), catalog.Format));
        foreach (var need in along.Needs)
        {
            await catalog.Need(need, cancellation);
            catalog.Links.Add(new LinkRow { FromUid = uid, ToUid = need });
        }
        if (along.Change is { } change) await change(catalog, cancellation);
    }
}
