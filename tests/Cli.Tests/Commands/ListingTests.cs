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
    public void Write_ASentence_IsFoldedWhereThereIsSomeRoom()
    {
        var (lines, note) = Written(40, "comodulation", Sentence);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 40));
        Assert.Equal(Sentence, string.Join(' ', lines[1..].Select(line => line[15..])));
        Assert.Equal("", note);
    }

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
