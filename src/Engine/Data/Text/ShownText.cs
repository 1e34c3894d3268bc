namespace ComodCluster.Engine.Data.Text;

/// <summary>Text of others as it may stand in a message.</summary>
internal static class ShownText
{
    private const int MaxLength = 120;

    /// <summary>Printable and short.</summary>
    public static string Shown(this string text)
    {
        var clean = string.Concat(
            text.Take(MaxLength + 1).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)
        );
        return text.Length <= MaxLength ? clean : clean[..(MaxLength - 3)] + "...";
    }
}
