using System.Text.RegularExpressions;

namespace ComodCluster.Engine.Data.Import;

/// <summary>Folder names that say which part of a split they hold, as they are in use.</summary>
internal static partial class SplitNames
{
    /// <summary>The part; null for any other name, such as <c>train_station</c>.</summary>
    public static SplitPart? Of(string folder)
    {
        var match = Pattern().Match(folder);
        return !match.Success ? null
            : match.Groups["train"].Success ? SplitPart.Train
            : match.Groups["validation"].Success ? SplitPart.Validation
            : SplitPart.Test;
    }

    [GeneratedRegex(
        """
            ^(?:(?:seg|split|data|images?)[ _.-]*)?
            (?:(?<train>train|training|trn)|(?<validation>val|valid|validation|dev)|(?<test>test|testing|tst|eval|evaluation|hold[ _-]?out|held[ _-]?out))
            (?:[ _.-]*(?:set|data|dataset|images?|imgs?|pictures|photos|split|folder|part))?
            [ _.-]*[0-9]*$
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Pattern();
}
