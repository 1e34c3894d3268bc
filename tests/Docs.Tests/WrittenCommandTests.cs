using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Silos;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Docs.Tests.Reading;
using ComodCluster.Infrastructure;
using ComodCluster.Lab;

namespace ComodCluster.Docs.Tests;

/// <summary>
/// What documents write as a command exists, also where it does not run: verbs, options, projects, keys of a silo.
/// </summary>
public partial class WrittenCommandTests
{
    private const string Configuration = "docs/configuration.md";

    /// <summary>In the text they stand without the program.</summary>
    private static readonly string[] LabVerbs = ["reproduce", "chaos"];

    private static IEnumerable<ShellLine> InBlocks =>
        Document.All.SelectMany(document => document.Fences).Where(fence => fence.IsCommands).SelectMany(ShellLine.Of);

    private static IEnumerable<ShellLine> InText =>
        Document
            .All.SelectMany(document =>
                document.Spans().Select(span => ShellLine.Of($"{document}:{span.Line}", span.Text))
            )
            .Where(line => line.Words.Count > 1);

    [Fact]
    public void Comod_InBlocks_Parses() =>
        Wrong.None(
            from line in InBlocks
            where line.Comod() is not null
            from error in ComodRoot.Create(Silent).Parse([.. line.Comod()!]).Errors
            where !IsAboutAFile(error.Message)
            select $"{line.Place}: {error.Message}"
        );

    /// <summary>In the text a command may lack its arguments or have a word in capitals for one.</summary>
    [Fact]
    public void Comod_InText_HasVerbsAndOptionsThatExist() =>
        NoneUnmatched(ComodRoot.Create(Silent), InText, line => line.Comod());

    [Fact]
    public void Lab_InText_HasVerbsAndOptionsThatExist() =>
        NoneUnmatched(
            LabRoot.Create(Silent),
            InText,
            line => LabVerbs.Contains(line.Words[0]) ? line.Words : line.RunOf("lab/Lab")
        );

    [Fact]
    public async Task Silo_InBlocks_HasOptionsThatItsHelpNames()
    {
        var start = new ProcessStartInfo("dotnet", [SiloLocation.Find(), "--help"]) { RedirectStandardOutput = true };
        using var silo = Process.Start(start)!;
        var help = await silo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var options = (
            from line in InBlocks
            from word in line.RunOf("src/Silo") ?? []
            where
                word.StartsWith("--", StringComparison.Ordinal)
                && !word.StartsWith("--Comod:", StringComparison.Ordinal)
            select (line.Place, Option: word.Split('=')[0])
        ).ToArray();
        Assert.NotEmpty(options);
        Wrong.None(
            options
                .Where(o => !help.Contains($"{o.Option} ", StringComparison.Ordinal))
                .Select(o => $"{o.Place}: {o.Option}")
        );
    }

    /// <summary>The document of the keys is made from the options themselves.</summary>
    [Fact]
    public void Keys_OfASilo_AreInConfiguration()
    {
        var known = File.ReadAllText(Repository.At(Configuration));
        Wrong.None(
            from document in Document.All
            where document.Path != Configuration
            from key in document
                .Lines.SelectMany(line => Keys().Matches(line))
                .Select(key => key.Value.Replace("__", ":"))
            where
                !known.Contains($"`{key}`", StringComparison.Ordinal)
                && !known.Contains($"## {key}\n", StringComparison.Ordinal)
                && !known.Contains($"`{key}:NAME`", StringComparison.Ordinal)
            select $"{document}: {key}"
        );
    }

    [Fact]
    public void Dotnet_InBlocks_NamesProjectsThatAreThere() =>
        Wrong.None(
            from line in InBlocks
            where line.Words is ["dotnet", "run" or "build", ..]
            from path in Projects(line.Words)
            where !Path.Exists(Repository.At(path))
            select $"{line.Place}: {path}"
        );

    private static void NoneUnmatched(
        RootCommand root,
        IEnumerable<ShellLine> lines,
        Func<ShellLine, IReadOnlyList<string>?> arguments
    )
    {
        var commands = lines.Where(line => arguments(line) is not null).ToArray();
        Assert.NotEmpty(commands);
        Wrong.None(
            from line in commands
            let parsed = root.Parse([.. arguments(line)!])
            from wrong in parsed.UnmatchedTokens.Concat(
                parsed.Errors.Where(RefusedOption.Is).Select(error => error.Message)
            )
            select $"{line.Place}: {wrong}"
        );
    }

    private static IEnumerable<string> Projects(IReadOnlyList<string> words) =>
        words
            .Skip(2)
            .Where((word, i) => words[i + 1] == "--project" || word.EndsWith(".sln", StringComparison.Ordinal));

    private static bool IsAboutAFile(string error) =>
        error.Contains("does not exist", StringComparison.Ordinal)
        || error.StartsWith("There is no file", StringComparison.Ordinal);

    private static Terminal Silent => SilentTerminal.Of(out _);

    [GeneratedRegex(@"\bComod(?:(?::|__)[A-Z]\w*?(?=:|__|\b))+")]
    private static partial Regex Keys();
}
