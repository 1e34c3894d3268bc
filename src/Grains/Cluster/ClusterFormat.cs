using ComodCluster.Api;
using ComodCluster.Api.Cluster;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace ComodCluster.Grains.Cluster;

/// <summary>
/// The format that the cluster writes: raised by an operator once every silo can read the next one, never by a build
/// itself.
/// </summary>
public sealed class ClusterFormat(
    CatalogDatabase catalog,
    IClusterMembershipService membership,
    ISiloMetadataCache metadata,
    TimeProvider time
)
{
    public async Task<ClusterInfo> Get(CancellationToken cancellation)
    {
        await catalog.ReadFormat(cancellation).ConfigureAwait(false);
        return Show(catalog.Format);
    }

    /// <returns>The cluster as it is then, or would be.</returns>
    /// <exception cref="ComodException">format-unreadable: a silo that is alive could not read it;
    /// request-invalid.</exception>
    public async Task<ClusterInfo> Raise(FormatRequest request, CancellationToken cancellation)
    {
        var stored = new StoredRow<ObjectRow, StoredCluster>(catalog, StoredCluster.Layout.At(StoredCluster.Uid));
        await stored.Load(cancellation).ConfigureAwait(false);
        var now = stored.Value?.Format ?? FormatRange.First;
        if (request.Format < now)
            throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                $"The cluster writes format {now} already and never goes back to {request.Format}; choose {now} or "
                    + $"a later one."
            );
        var info = Show(request.Format);
        // Also where no silo is older: the one that is asked must know what it is told to write.
        if (!catalog.Formats.Has(request.Format))
            throw Unreadable(request.Format, "this silo", catalog.Formats);
        if (info.Silos.FirstOrDefault(s => request.Format < s.Oldest || request.Format > s.Newest) is { } other)
            throw Unreadable(request.Format, $"the silo '{other.Name}'", new(other.Oldest, other.Newest));
        if (request.DryRun || request.Format == now)
            return info;
        var next = new StoredCluster(request.Format);
        if (stored.Value is null)
            await stored.Create(Row, AlongWrite.Nothing, cancellation).ConfigureAwait(false);
        else
            await stored.Save(next, AlongWrite.Nothing, cancellation).ConfigureAwait(false);
        await catalog.ReadFormat(cancellation).ConfigureAwait(false);
        return info;

        ObjectRow Row(int format) =>
            StoredCluster.Layout.NewRow(
                StoredCluster.Uid,
                TenantName.None,
                StoredCluster.Uid,
                next,
                time.GetUtcNow(),
                format
            );
    }

    private ClusterInfo Show(int format)
    {
        SiloFormats[] silos =
        [
            .. membership
                .CurrentSnapshot.Members.Values.Where(m =>
                    m.Status is not (SiloStatus.Dead or SiloStatus.None or SiloStatus.Created)
                )
                .Select(m =>
                    (
                        m.Name,
                        m.SiloAddress,
                        Formats: FormatRange.Parse(
                            metadata.GetSiloMetadata(m.SiloAddress).Metadata.GetValueOrDefault(FormatRange.MetadataKey)
                        )
                    )
                )
                .Select(m => new SiloFormats
                {
                    Name = m.Name,
                    Silo = m.SiloAddress.ToParsableString(),
                    Oldest = m.Formats.Oldest,
                    Newest = m.Formats.Newest,
                })
                .OrderBy(m => m.Name, StringComparer.Ordinal),
        ];
        return new ClusterInfo
        {
            Format = format,
            Newest = silos.Select(s => s.Newest).Append(catalog.Formats.Newest).Min(),
            Silos = silos,
        };
    }

    private static ComodException Unreadable(int format, string who, FormatRange knows) =>
        ComodException.Conflict(
            ErrorCodes.FormatUnreadable,
            $"Format {format} cannot be read by {who}, whose build knows the formats {knows}; upgrade that silo or "
                + $"stop it, then try again."
        );
}
