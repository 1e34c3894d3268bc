namespace ComodCluster.Infrastructure.Journals;

/// <summary>A number or choice, and where it comes from.</summary>
/// <param name="Source">A publication or its code, or "chosen here".</param>
public sealed record Constant(string Name, string Value, string Source)
{
    public const string Chosen = "chosen here";

    /// <summary>Cells that it changes have another key: with another value the journal lacks only those.</summary>
    public bool NamesCells { get; init; }
}
