using ComodCluster.Cli.Commands;

namespace ComodCluster.Cli.Tests.Commands;

public class ListingTests
{
    private const string Sentence = "a sentence that no terminal of this width has room for in one line";

    [Fact]
    public void Write_EnoughRoom_ShowsAllColumnsAndNamesNone()
    {
        var (lines, note) = Written(80, "comodulation", "layer3");
        Assert.Equal(["FIRST          SECOND", "comodulation   layer3"], lines);
        Assert.Equal("", note);
    }

    [Theory]
    [InlineData(21, 2)]
    [InlineData(20, 1)]
    public void Write_NoRoomForAColumn_LeavesItOutAndNamesIt(int width, int shown)
    {
        var (lines, note) = Written(width, "comodulation", "layer3");
        Assert.Equal(shown == 2 ? "comodulation   layer3" : "comodulation", lines[1]);
        Assert.Equal(shown == 2 ? "" : "A wider terminal also shows: second.", note);
    }

    [Fact]
    public void Write_ASentence_IsCutToTheRoomThatIsLeft()
    {
        var (lines, note) = Written(40, "comodulation", Sentence);
        Assert.Equal($"comodulation   {Sentence[..24]}…", lines[1]);
        Assert.Equal("", note);
    }

    /// <summary>A job that failed, in a terminal of 80 columns.</summary>
    [Fact]
    public void Write_NumbersBesideALongSentence_AreWhole()
    {
        var output = new StringWriter();
        var terminal = SilentTerminal.Of(out var error) with { Out = SilentTerminal.Plain(output) };
        terminal.Out.Profile.Width = 80;
        Listing.Write(
            terminal,
            ["train-0123456789abcdef", "adapt-1"],
            "",
            ("id", id => id),
            ("subject", _ => "gear-or-washer"),
            ("phase", _ => "failed"),
            ("resumed", _ => ""),
            ("reason", _ => $"{Sentence}:\n{Sentence}"),
            ("kind", _ => "adapt"),
            ("created", _ => "2026-11-27 18:25:17")
        );
        Assert.Equal(
            [
                "ID                       SUBJECT          PHASE    KIND    REASON",
                $"train-0123456789abcdef   gear-or-washer   failed   adapt   {Sentence[..20]}…",
                $"adapt-1                  gear-or-washer   failed   adapt   {Sentence[..20]}…",
            ],
            output.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd())
        );
        Assert.Equal("A wider terminal also shows: created.", error.ToString().TrimEnd());
    }

    /// <summary>A failed import in such a terminal: whether it failed is told before all of a long name.</summary>
    [Fact]
    public void Write_ALongNameBesideASentence_IsCutAndNoColumnAfterItIsLost()
    {
        var output = new StringWriter();
        var terminal = SilentTerminal.Of(out var error) with { Out = SilentTerminal.Plain(output) };
        terminal.Out.Profile.Width = 80;
        Listing.Write(
            terminal,
            ["import-0123456789abcdef"],
            "",
            ("id", id => id),
            ("subject", _ => "birds-of-the-northern-sea"),
            ("phase", _ => "succeeded"),
            ("progress", _ => "100 %"),
            ("reason", _ => Sentence),
            ("created", _ => "2026-11-27 18:25:17")
        );
        Assert.Equal(
            $"import-0123456789abcdef   birds-of-the…   succeeded   100 %      {Sentence[..14]}…",
            output.ToString().TrimEnd().Split('\n')[1].TrimEnd()
        );
        Assert.Equal("A wider terminal also shows: created.", error.ToString().TrimEnd());
    }

    [Theory]
    [InlineData("学校", "学校")]
    [InlineData("学校学校学校学校学校 学校学校学校学校学校学校学校", "学校学校学校学校学校 …")]
    public void Write_WideCharacters_AreCountedAsTheTerminalShowsThem(string cell, string expected) =>
        Assert.Equal($"first   {expected}", Written(30, "one", cell).Lines[1].Replace("one  ", "first"));

    private static (string[] Lines, string Note) Written(int width, params string[] cells)
    {
        var output = new StringWriter();
        var terminal = SilentTerminal.Of(out var error) with { Out = SilentTerminal.Plain(output) };
        terminal.Out.Profile.Width = width;
        Listing.Write(terminal, [cells], "", ("first", line => line[0]), ("second", line => line[1]));
        return (
            [.. output.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd())],
            error.ToString().TrimEnd()
        );
    }
}
