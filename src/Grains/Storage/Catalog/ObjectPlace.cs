using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>The row of one object.</summary>
internal sealed class ObjectPlace<T>(ObjectLayout<T> layout, string uid) : IRowLayout<ObjectRow, T>
    where T : class
{
    public IQueryable<ObjectRow> Find(CatalogContext catalog) => catalog.Objects.Where(o => o.Uid == uid);

    public Task<ObjectRow> Claim(CatalogContext catalog, CancellationToken cancellation) =>
        catalog.Claim(uid, cancellation);

    public T Read(ObjectRow row) => CatalogJson.Read<T>(row.Payload, row.Schema);

    public async Task Write(CatalogContext catalog, ObjectRow row, T next, CancellationToken cancellation)
    {
        (row.Phase, row.Blob, row.Payload) = (
            layout.Phase(next),
            layout.Blob(next),
            CatalogJson.Write(next, row.Payload)
        );
        row.Schema = Math.Max(row.Schema, catalog.Format);
        if (row.Phase != ObjectPhase.Deleted)
            return;
        row.Payload = DeletionTime.In(row.Payload, catalog.Now);
        await catalog.Links.Where(l => l.FromUid == uid).ExecuteDeleteAsync(cancellation);
    }

    public async Task CheckFree(CatalogContext catalog, ObjectRow row, CancellationToken cancellation)
    {
        if (await catalog.Alive(layout.Kind, new(row.Tenant), row.Name).AnyAsync(cancellation))
            throw layout.NameTaken(row.Name);
    }
}
