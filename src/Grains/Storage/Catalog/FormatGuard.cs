using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Keeps rows of a format that this build does not read from everyone who reads rows.</summary>
internal sealed class FormatGuard : IMaterializationInterceptor
{
    /// <summary>One for all contexts: they share EF's services then.</summary>
    public static FormatGuard Instance { get; } = new();

    public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
    {
        var format = entity switch
        {
            ObjectRow o => o.Schema,
            VersionRow v => v.Schema,
            JobRow j => j.Schema,
            _ => 0,
        };
        return materializationData.Context is CatalogContext { Formats: var formats } && format > formats.Newest
            ? throw new ComodException(
                ErrorCodes.RecordUnreadable,
                503,
                $"A record of the catalog has format {format} and this build reads the formats {formats}; upgrade "
                    + $"this silo."
            )
            : entity;
    }
}
