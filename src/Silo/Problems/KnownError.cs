namespace ComodCluster.Silo.Problems;

/// <summary>One code of the HTTP API: a row of docs/errors.md.</summary>
/// <param name="Code">Stable, lower-case, hyphenated.</param>
/// <param name="Statuses">HTTP statuses of requests that end with it; none where only a job or the start of a silo
/// does.</param>
/// <param name="Meaning">What is the case.</param>
/// <param name="Fix">What to do.</param>
public sealed record KnownError(string Code, IReadOnlyList<int> Statuses, string Meaning, string Fix);
