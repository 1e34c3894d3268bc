using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>How the objects of one kind are laid out in their rows.</summary>
/// <param name="Phase">As the HTTP API spells it.</param>
/// <param name="Blob">Digest of the blob that the object needs.</param>
internal sealed record ObjectLayout<T>(ObjectKind Kind, Func<T, string> Phase, Func<T, string?> Blob)
    where T : class
{
    /// <summary>Layout of the object with this uid.</summary>
    public IRowLayout<ObjectRow, T> At(string uid) => new ObjectPlace<T>(this, uid);

    /// <param name="format">Format of the catalog that it is written to.</param>
    public ObjectRow NewRow(string uid, TenantName tenant, string name, T value, DateTimeOffset created, int format) =>
        new()
        {
            Uid = uid,
            Kind = Kind.Name,
            Tenant = tenant.Value,
            Name = name,
            Phase = Phase(value),
            Blob = Blob(value),
            Etag = 1,
            Schema = format,
            Created = created,
            Payload = CatalogJson.Write(value),
        };

    public ComodException NameTaken(string name) =>
        ComodException.Conflict(
            ErrorCodes.NameTaken,
            $"There is a {Kind} named '{name}' already; take another name, or delete that one first."
        );
}
