using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Tests.Commands;

namespace ComodCluster.Lab.Tests;

public class CommandLineTests
{
    [Theory, InlineData("reproduce"), InlineData("chaos"), InlineData("photos")]
    public void Help_OfEveryVerb_EndsWithExamplesOfIt(string verb)
    {
        var output = new StringWriter();
        Assert.Equal(
            0,
            LabRoot.Create(SilentTerminal.Of(out _)).Parse([verb, "--help"]).Invoke(new() { Output = output })
        );
        Assert.Contains($"Examples:\n  {LabRoot.Name} {verb}", output.ToString().ReplaceLineEndings("\n"));
    }

    [Theory, InlineData("reproduce"), InlineData("chaos"), InlineData("photos")]
    public void Examples_OfEveryVerb_AreCommandLinesThatParse(string verb)
    {
        var root = LabRoot.Create(SilentTerminal.Of(out _));
        var command = Assert.IsType<ExampledCommand>(root.Parse([verb]).CommandResult.Command, exactMatch: false);
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, example => Assert.Empty(root.Parse(example[LabRoot.Name.Length..]).Errors));
    }

    [Theory]
    [InlineData("bogus", "'bogus' is no command or option of 'dotnet run --project lab/Lab -c Release --'")]
    [InlineData("reproduce neurips-decoding --shard 0/8", "'0/8' is no part: give --shard I/N with I from 1 to N")]
    [InlineData("reproduce neurips-decoding --shard 9/8", "'9/8' is no part")]
    [InlineData("reproduce neurips-decoding --shard x", "'x' is no part")]
    [InlineData("reproduce neurips-decoding --shard 1/-1", "'1/-1' is no part")]
    [InlineData("reproduce neurips-decoding --shard 1/2 --so-far", "leave --so-far and --check out")]
    [InlineData("reproduce neurips-decoding --shard 1/2 --check", "leave --so-far and --check out")]
    [InlineData("reproduce images --data images.zip", "--data is --dataset now: write '--dataset FILE.zip'")]
    [InlineData("reproduce nothing", "give one of neurips-decoding, nature-fig5")]
    public async Task Run_WrongCommandLine_ExitsWith2AndOneSentence(string line, string sentence)
    {
        var exit = await LabRoot.Run(line.Split(' '), SilentTerminal.Of(out var error));
        Assert.Equal(2, exit);
        Assert.StartsWith("error usage: ", error.ToString());
        Assert.Contains(sentence, error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }
}
