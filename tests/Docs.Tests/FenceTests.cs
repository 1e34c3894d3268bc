using ComodCluster.Docs.Tests.Reading;

namespace ComodCluster.Docs.Tests;

/// <summary>Every fenced block says what it is.</summary>
public class FenceTests
{
    private static readonly string[] Languages = ["sh", "text", "json", "csharp", "math"];

    private static IEnumerable<Fence> Fences => Document.All.SelectMany(document => document.Fences);

    [Fact]
    public void Fences_NameALanguage() =>
        Wrong.None(Fences.Where(fence => !Languages.Contains(fence.Language)).Select(Described));

    /// <summary>A mark that is misspelt would silently keep commands from running.</summary>
    [Fact]
    public void Fences_ThatDoNotRun_SayWhy() =>
        Wrong.None(Fences.Where(fence => fence.Mark.Length > 0 && fence.Reason is null or "").Select(Described));

    private static string Described(Fence fence) => $"{fence.Place}: '{fence.Info}'";
}
