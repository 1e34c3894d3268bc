using System.CommandLine.Parsing;

namespace ComodCluster.Docs.Tests.Reading;

/// <summary>A command of a block, as a shell splits it.</summary>
/// <param name="Place">Document and line.</param>
internal sealed record ShellLine(string Place, IReadOnlyList<string> Words)
{
    public static IEnumerable<ShellLine> Of(Fence fence) =>
        fence
            .Lines.Select((line, i) => Of($"{fence.Document}:{fence.Line + 1 + i}", line))
            .Where(line => line.Words.Count > 0);

    public static ShellLine Of(string place, string text) =>
        new(place, [.. CommandLineParser.SplitCommandLine(text).TakeWhile(word => word != "#")]);

    /// <summary>The arguments where the line runs <c>comod</c>, by its name or from its sources; else null.</summary>
    public IReadOnlyList<string>? Comod() => Words[0] == "comod" ? Words.Skip(1).ToArray() : RunOf("src/Cli");

    /// <summary>The arguments where the line runs a project from its sources; else null.</summary>
    public IReadOnlyList<string>? RunOf(string project) =>
        Words is ["dotnet", "run", "--project", var path, ..] && path == project
            ? Words.SkipWhile(word => word != "--").Skip(1).ToArray()
            : null;
}
