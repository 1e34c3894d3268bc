namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Somebody else wrote the row, or one with the same key, first. Nothing was changed.</summary>
public sealed class CatalogConflictException(Exception? inner = null)
    : Exception("The row was written by somebody else in between.", inner);
