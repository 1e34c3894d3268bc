using System.Text.RegularExpressions;
using ComodCluster.Docs.Tests.Reading;
using ComodCluster.Infrastructure;

namespace ComodCluster.Docs.Tests;

/// <summary>README is short, and its first screen is enough to begin.</summary>
public partial class ReadmeTests
{
    private const int MostWords = 800,
        MostLines = 40,
        MostColumns = 120;
    private static readonly Document Readme = Document.Read("README.md");

    /// <summary>All before the first heading of a section, which an empty line ends.</summary>
    private static readonly string[] Screen =
    [
        .. Readme.Lines.TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)),
    ];

    private static string ScreenText => string.Join('\n', Screen);

    private static IEnumerable<Fence> ScreenFences => Readme.Fences.Where(fence => fence.Line <= Screen.Length);

    [Fact]
    public void Readme_HasAtMost800Words() =>
        Assert.InRange(Readme.Lines.Sum(line => Word().Count(line)), 1, MostWords);

    [Fact]
    public void FirstScreen_SaysWhatItIsInThreeSentences()
    {
        Assert.Equal("# ComodCluster", Readme.Lines[0]);
        var paragraph = string.Join(' ', Readme.Lines.Skip(2).TakeWhile(line => line.Length > 0));
        Assert.Equal(3, SentenceEnd().Count(paragraph));
    }

    [Fact]
    public void FirstScreen_HasOnePictureAndOneTable()
    {
        Assert.Single(Picture().Matches(ScreenText));
        Assert.Single(TableRule().Matches(ScreenText));
    }

    [Fact]
    public void FirstScreen_HasTheDemoFiveCommandsCurlAndCSharp()
    {
        var commands = ScreenFences.Where(fence => fence.IsCommands).SelectMany(ShellLine.Of).ToArray();
        Assert.Single(commands, command => command.Comod() is ["demo"]);
        Assert.Equal(5, commands.Count(command => command.Words[0] == "comod"));
        Assert.Single(commands, command => command.Words[0] == "curl");
        Assert.Single(ScreenFences, fence => fence.Language == "csharp");
    }

    [Fact]
    public void FirstScreen_EndsWithLinks() =>
        Assert.StartsWith("[Documentation](docs/README.md)", Screen.Last(line => line.Length > 0));

    [Fact]
    public void FirstScreen_FitsTheScreen()
    {
        Assert.InRange(Screen.Length - 1, 1, MostLines);
        Assert.All(Screen, line => Assert.InRange(line.Length, 0, MostColumns));
    }

    /// <summary>The sample is compiled with the solution, and run by <see cref="CommandTests"/>.</summary>
    [Fact]
    public void CSharp_IsTheSample() =>
        Assert.Equal(
            File.ReadAllText(Repository.At("samples/QuickStart/Program.cs")).TrimEnd(),
            Readme.Fences.Single(fence => fence.Language == "csharp").Text
        );

    /// <summary>CI runs the demo in its quick form.</summary>
    [Fact]
    public void DemoCommand_IsRunByCi()
    {
        var demo = Assert.Single(ScreenFences, fence => fence.Reason == ".ci/run runs it").Lines[0];
        Assert.Contains(demo.Replace(" -- ", " --no-build -- "), File.ReadAllText(Repository.At(".ci/run")));
    }

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\.(?= |$)")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^!\[", RegexOptions.Multiline)]
    private static partial Regex Picture();

    [GeneratedRegex(@"^\|(?:-+\|)+$", RegexOptions.Multiline)]
    private static partial Regex TableRule();
}
