using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ComodCluster.Silo.Tests.Documents;

/// <summary>The docstrings of the silo and of what it links, as Markdown.</summary>
internal static partial class Summaries
{
    private static readonly Dictionary<string, string> ByName = new[] { "comod-silo", "ComodCluster.Grains" }
        .SelectMany(assembly =>
            XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly}.xml")).Descendants("member")
        )
        .Where(member =>
            member.Attribute("name")!.Value.Contains(":ComodCluster.", StringComparison.Ordinal)
            && member.Element("summary") is not null
        )
        .ToDictionary(
            member => member.Attribute("name")!.Value,
            member => Markdown(member.Element("summary")!),
            StringComparer.Ordinal
        );

    /// <summary>One line; a setting without a docstring fails.</summary>
    public static string Of(PropertyInfo property) => ByName[$"P:{property.DeclaringType!.FullName}.{property.Name}"];

    /// <summary>Its first sentence, without the key that it begins with.</summary>
    public static string OfSection(Type options)
    {
        var sentence = FirstSentence().Match(ByName[$"T:{options.FullName}"]).Groups[1].Value;
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }

    private static string Markdown(XElement summary) =>
        Spaces()
            .Replace(
                string.Concat(
                    summary
                        .Nodes()
                        .Select(node =>
                            node switch
                            {
                                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                                XElement { Name.LocalName: "see" } see =>
                                    $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
                                _ => node.ToString(),
                            }
                        )
                ),
                " "
            )
            .Trim();

    [GeneratedRegex(@"^(?:Section [^:]*(?:`[^`]*`)[^:]*: )?(.+?\.)(?: |$)")]
    private static partial Regex FirstSentence();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
