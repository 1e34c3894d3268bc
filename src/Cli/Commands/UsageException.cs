namespace ComodCluster.Cli.Commands;

/// <summary>The arguments cannot be used together or point nowhere.</summary>
/// <param name="message">One sentence: cause and fix.</param>
internal sealed class UsageException(string message) : Exception(message);
