namespace ComodCluster.Grains.Storage.Catalog.Rows;

/// <summary>A row that one grain writes.</summary>
public interface IStoredRow
{
    string Tenant { get; }

    /// <summary>Grows with every write.</summary>
    long Etag { get; set; }
}
