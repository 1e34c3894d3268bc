namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>What an archive is made from cannot be had, or is damaged.</summary>
/// <param name="code">Stable; <c>dataset-*</c> where a silo refuses the same with that code.</param>
/// <param name="message">One sentence: cause and fix.</param>
internal sealed class DataSourceException(string code, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public string Code => code;
}
