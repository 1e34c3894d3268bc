namespace ComodCluster.Grains.Catalog;

/// <summary>Kinds of named objects. Stored by lower-case name.</summary>
public enum ObjectKind
{
    Task,
    Dataset,
    Backbone,
}

internal static class ObjectKinds
{
    public static string Stored(this ObjectKind kind) => kind switch
    {
        ObjectKind.Task => "task",
        ObjectKind.Dataset => "dataset",
        ObjectKind.Backbone => "backbone",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
