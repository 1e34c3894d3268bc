using System.Text.RegularExpressions;
using ComodCluster.Infrastructure;

namespace ComodCluster.Docs.Tests.Reading;

/// <summary>A document of the repository: its lines, its fenced blocks and the code in the text between them.</summary>
/// <param name="Path">Below the repository's root, with slashes.</param>
internal sealed partial record Document(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>What describes the product as it is; records of decisions describe what it was.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        .. new[] { "README.md", "CONTRIBUTING.md", "benchmarks/README.md" }.Select(Read),
        .. Directory
            .EnumerateFiles(Repository.At("docs"), "*.md")
            .Order(StringComparer.Ordinal)
            .Select(file => Read($"docs/{System.IO.Path.GetFileName(file)}")),
    ];

    public IReadOnlyList<Fence> Fences { get; } = [.. FencesOf(Path, Lines)];

    public static Document Read(string path) => new(path, File.ReadAllLines(Repository.At(path)));

    /// <summary>Code in the text, with its line from 1.</summary>
    public IEnumerable<(int Line, string Text)> Spans()
    {
        var fenced = Fences.SelectMany(fence => Enumerable.Range(fence.Line, fence.Lines.Count + 2)).ToHashSet();
        return from line in Enumerable.Range(1, Lines.Count)
            where !fenced.Contains(line)
            from Match span in Code().Matches(Lines[line - 1])
            select (line, span.Groups[1].Value);
    }

    public override string ToString() => Path;

    private static IEnumerable<Fence> FencesOf(string path, IReadOnlyList<string> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
                continue;
            var body = lines.Skip(i + 1).TakeWhile(line => line != "```").ToArray();
            yield return new(path, i + 1, lines[i][3..].Trim(), body);
            i += body.Length + 1;
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
