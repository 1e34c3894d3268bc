namespace ComodCluster.Engine;

/// <summary>Which of several inputs cannot be used, and why.</summary>
/// <param name="Index">From 0, in the order they were given.</param>
/// <param name="Code">As of an <see cref="InputException"/>.</param>
/// <param name="Message">One sentence: cause and fix.</param>
public sealed record ItemFault(int Index, string Code, string Message);
