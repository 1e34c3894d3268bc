namespace ComodCluster.Silo.Configuration;

/// <summary>The silo cannot start.</summary>
/// <param name="message">One sentence: cause and fix.</param>
/// <param name="exitCode">1, or 2 where the command line itself is wrong.</param>
public sealed class StartupException(string message, int exitCode = 1, Exception? inner = null)
    : Exception(message, inner)
{
    public const int UsageExitCode = 2;

    public int ExitCode { get; } = exitCode;
}
