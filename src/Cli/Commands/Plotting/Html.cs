using System.Net;

namespace ComodCluster.Cli.Commands.Plotting;

internal static class Html
{
    /// <summary>Text as content or attribute value.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
