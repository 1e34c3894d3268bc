namespace ComodCluster.Cli.Commands.Downloads;

/// <summary>A file cannot be downloaded.</summary>
/// <param name="code"><c>download-refused</c>, <c>download-broken</c> (what came stays), <c>download-checksum</c>,
/// <c>download-too-large</c>, <c>download-busy</c> or <c>disk-full</c>.</param>
/// <param name="message">One sentence: cause and fix.</param>
internal sealed class DownloadException(string code, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public string Code => code;
}
