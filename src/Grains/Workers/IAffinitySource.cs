using ComodCluster.Contracts;
using ComodCluster.Contracts.Workers;
using ComodCluster.Grains.Storage.Catalog.Rows;

namespace ComodCluster.Grains.Workers;

/// <summary>Knows what the objects of one kind share with others on a worker.</summary>
internal interface IAffinitySource
{
    ObjectKind Kind { get; }

    /// <exception cref="ComodException">record-unreadable.</exception>
    Affinity Of(ObjectRow row);
}
