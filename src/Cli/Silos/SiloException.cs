namespace ComodCluster.Cli.Silos;

/// <summary>A silo that should run as a child process does not.</summary>
/// <param name="code">Stable, lower-case, hyphenated.</param>
/// <param name="message">One sentence: cause and fix.</param>
internal sealed class SiloException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
