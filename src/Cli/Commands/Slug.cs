using System.Text;

namespace ComodCluster.Cli.Commands;

/// <summary>Makes names that the API takes out of any text.</summary>
internal static class Slug
{
    /// <returns>Lower-case letters, digits and single hyphens, starting with a letter, at most
    /// <paramref name="longest"/> characters.</returns>
    public static string Of(string text, int longest = 40)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var letter in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        if (slug.Length == 0 || !char.IsAsciiLetterLower(slug[0]))
            slug.Insert(0, 'x');
        if (slug.Length > longest)
            slug.Length = longest;
        return slug.ToString().TrimEnd('-');
    }
}
