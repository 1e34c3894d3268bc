using ComodCluster.Cli.Commands;
using Spectre.Console;

namespace ComodCluster.Cli.Tests.Commands;

public class CommandLineTests
{
    public static TheoryData<string> Verbs => new(
        "demo", "silo", "backbone list", "backbone register", "backbone train", "backbone delete", "data get cifar10", "data get cifar100", "data get celeba", "data upload", "data scenes", "data clutter", "data list", "data delete",
        "task create", "task list", "task show", "task adapt", "task predict", "task versions", "task activate", "task revert", "task delete",
        "task import", "job list", "job show", "job watch", "job cancel", "plan", "reproduce", "upgrade", "chaos");

    [Theory, MemberData(nameof(Verbs))]
    public void Help_OfEveryVerb_EndsWithExamplesOfIt(string verb)
    {
        var output = new StringWriter();
        var parsed = ComodRoot.Create(Silent(out _)).Parse([.. verb.Split(' '), "--help"]);
        Assert.Equal(0, parsed.Invoke(new() { Output = output }));
        Assert.Contains("Examples:\n  comod " + verb, output.ToString().ReplaceLineEndings("\n"));
    }

    [Theory, MemberData(nameof(Verbs))]
    public void Examples_OfEveryVerb_AreCommandLinesThatParse(string verb)
    {
        var root = ComodRoot.Create(Silent(out _));
        var command = Assert.IsType<ExampledCommand>(root.Parse(verb.Split(' ')).CommandResult.Command, exactMatch: false);
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, example =>
        {
            var errors = root.Parse(example.Split(' ')[1..]).Errors.Where(error => !error.Message.Contains("exist", StringComparison.Ordinal) && !error.Message.StartsWith("There is no file", StringComparison.Ordinal));
            Assert.Empty(errors);
        });
    }

    [Theory]
    [InlineData("bogus", "'bogus' is no command or option of 'comod'")]
    [InlineData("demo --seeds 0", "--seeds is 0: give a number from 1 to 20")]
    [InlineData("demo --seeds many", "many")]
    [InlineData("demo --data no-such.zip", "There is no file")]
    [InlineData("demo --report no/such/folder/report.html", "There is no folder")]
    [InlineData("task show NotAName", "'NotAName' is no name for a task")]
    [InlineData("task adapt x --methods comodulation,magic", "'magic' is no method")]
    [InlineData("task activate x", "version")]
    [InlineData("job list --address nowhere", "'nowhere' is no URL of a silo")]
    [InlineData("data upload no-such.zip", "no-such.zip")]
    [InlineData("data get mnist", "'mnist' is no command or option of 'comod data get'")]
    [InlineData("data get cifar100 --out no/such/folder/cifar100.zip", "There is no folder")]
    [InlineData("data get cifar100 --url nowhere", "'nowhere' is no address of a file")]
    [InlineData("data get celeba", "--from")]
    [InlineData("data get celeba --from no-such-folder", "no-such-folder")]
    [InlineData("data get celeba --from . --limit 0", "--limit is 0: give 1 or more")]
    [InlineData("backbone train --dataset no-such.zip", "There is no file no-such.zip")]
    [InlineData("reproduce neurips-decoding --shard 0/8", "'0/8' is no part: give --shard I/N with I from 1 to N")]
    [InlineData("reproduce neurips-decoding --shard 9/8", "'9/8' is no part")]
    [InlineData("reproduce neurips-decoding --shard x", "'x' is no part")]
    [InlineData("reproduce neurips-decoding --shard 1/-1", "'1/-1' is no part")]
    [InlineData("reproduce neurips-decoding --shard 1/2 --so-far", "leave --so-far and --check out")]
    [InlineData("reproduce neurips-decoding --shard 1/2 --check", "leave --so-far and --check out")]
    [InlineData("reproduce nothing", "give one of neurips-decoding, nature-fig5")]
    public async Task Run_WrongCommandLine_ExitsWith2AndOneSentence(string line, string sentence)
    {
        var exit = await ComodRoot.Run(line.Split(' '), Silent(out var error));
        Assert.Equal(2, exit);
        Assert.StartsWith("error usage: ", error.ToString());
        Assert.Contains(sentence, error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_NobodyAtTheAddress_ExitsWith1AndTheCode()
    {
        var exit = await ComodRoot.Run(["job", "list", "--address", "http://127.0.0.1:1"], Silent(out var error));
        Assert.Equal(1, exit);
        Assert.StartsWith("error unreachable: Nothing answers at http://127.0.0.1:1/", error.ToString());
    }

    internal static Terminal Silent(out StringWriter error)
    {
        error = new StringWriter();
        return new Terminal(Plain(new StringWriter()), Plain(error), new StringWriter(), Live: false);
    }

    internal static IAnsiConsole Plain(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 1000;
        return console;
    }
}
