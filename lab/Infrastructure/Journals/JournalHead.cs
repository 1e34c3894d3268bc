namespace ComodCluster.Infrastructure.Journals;

/// <summary>Whose cells a journal holds.</summary>
/// <param name="Machine">On which they are computed; null where that was not recorded.</param>
public sealed record JournalHead(
    string Name,
    string Version,
    IReadOnlyList<Constant> Constants,
    string? Machine = null
);
