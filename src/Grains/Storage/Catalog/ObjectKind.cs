namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Kinds of named objects. Stored by lower-case name.</summary>
public enum ObjectKind
{
    Task,
    Dataset,
    Backbone,

    /// <summary>One row for the whole cluster.</summary>
    Cluster,
}

internal static class ObjectKinds
{
    public static string Stored(this ObjectKind kind) => kind switch
    {
        ObjectKind.Task => "task",
        ObjectKind.Dataset => "dataset",
        ObjectKind.Backbone => "backbone",
        ObjectKind.Cluster => "cluster",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
