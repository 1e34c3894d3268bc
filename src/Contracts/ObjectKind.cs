namespace ComodCluster.Contracts;

/// <summary>
/// A kind of named objects: their rows are stored under its name, and the keys of their grains begin with it.
/// </summary>
/// <param name="Name">Lower-case, as in addresses.</param>
public readonly record struct ObjectKind(string Name)
{
    public static ObjectKind Task { get; } = new("task");

    public static ObjectKind Dataset { get; } = new("dataset");

    public static ObjectKind Backbone { get; } = new("backbone");

    public override string ToString() => Name;
}
