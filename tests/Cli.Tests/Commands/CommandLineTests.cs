using System.CommandLine;
using System.CommandLine.Invocation;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Cli.Tests.Commands;

public class CommandLineTests
{
    public static TheoryData<string> Verbs =>
        new(
            "demo",
            "silo",
            "silo list",
            "silo drain",
            "backbone list",
            "backbone register",
            "backbone train",
            "backbone delete",
            "data get cifar10",
            "data get cifar100",
            "data get celeba",
            "data upload",
            "data scenes",
            "data clutter",
            "data list",
            "data delete",
            "task create",
            "task list",
            "task show",
            "task adapt",
            "task predict",
            "task versions",
            "task activate",
            "task revert",
            "task delete",
            "task import",
            "job list",
            "job show",
            "job watch",
            "job cancel",
            "plan",
            "backup",
            "restore",
            "upgrade"
        );

    [Theory, MemberData(nameof(Verbs))]
    public void Help_OfEveryVerb_EndsWithExamplesOfIt(string verb)
    {
        var output = new StringWriter();
        var parsed = ComodRoot.Create(SilentTerminal.Of(out _)).Parse([.. verb.Split(' '), "--help"]);
        Assert.Equal(0, parsed.Invoke(new() { Output = output }));
        Assert.Contains("Examples:\n  comod " + verb, output.ToString().ReplaceLineEndings("\n"));
    }

    [Theory, MemberData(nameof(Verbs))]
    public void Examples_OfEveryVerb_AreCommandLinesThatParse(string verb)
    {
        var root = ComodRoot.Create(SilentTerminal.Of(out _));
        var command = Assert.IsType<ExampledCommand>(
            root.Parse(verb.Split(' ')).CommandResult.Command,
            exactMatch: false
        );
        Assert.NotEmpty(command.Examples);
        Assert.All(
            command.Examples,
            example =>
            {
                var errors = root.Parse(example.Split(' ')[1..])
                    .Errors.Where(error =>
                        !error.Message.Contains("exist", StringComparison.Ordinal)
                        && !error.Message.StartsWith("There is no file", StringComparison.Ordinal)
                    );
                Assert.Empty(errors);
            }
        );
    }

    [Theory]
    [InlineData("bogus", "'bogus' is no command or option of 'comod'")]
    [InlineData("demo --seeds 0", "--seeds is 0: give a number from 1 to 20")]
    [InlineData("demo --seeds many", "--seeds is 'many': give a whole number.")]
    [InlineData("demo --seeds 99999999999", "--seeds is 99999999999: give a number from 1 to 20")]
    [InlineData("task adapt x --sigma wide", "--sigma is 'wide': give a number.")]
    [InlineData("task adapt x --gate maybe", "--gate is 'maybe': choose of ")]
    [InlineData("job list -o xml", "--output is 'xml': choose of table, json.")]
    [InlineData("demo --dataset no-such.zip", "There is no file")]
    [InlineData("demo --report no/such/folder/report.html", "There is no folder")]
    [InlineData("task show NotAName", "'NotAName' is no name for a task")]
    [InlineData("task adapt x --methods comodulation,magic", "'magic' is no method")]
    [InlineData("task activate x", "version")]
    [InlineData("task activate x two", "VERSION is 'two': give a whole number.")]
    [InlineData("job list --address nowhere", "'nowhere' is no URL of a silo")]
    [InlineData("data upload no-such.zip", "no-such.zip")]
    [InlineData("data get mnist", "'mnist' is no command or option of 'comod data get'")]
    [InlineData("data get cifar100 --out no/such/folder/cifar100.zip", "There is no folder")]
    [InlineData("data get cifar100 --from nowhere", "'nowhere' is no address of a file")]
    [InlineData("data get celeba", "--from")]
    [InlineData("data get celeba --from no-such-folder", "no-such-folder")]
    [InlineData("data get celeba --from . --limit 0", "--limit is 0: give 1 or more")]
    [InlineData("backbone train --dataset no-such.zip", "There is no file or folder no-such.zip")]
    [InlineData("backbone train --dataset no-such/", "There is no file or folder no-such/")]
    [InlineData("demo --dataset no-such/", "There is no file or folder no-such/")]
    public async Task Run_WrongCommandLine_ExitsWith2AndOneSentence(string line, string sentence)
    {
        var exit = await ComodRoot.Run(line.Split(' '), SilentTerminal.Of(out var error));
        Assert.Equal(2, exit);
        Assert.StartsWith("error usage: ", error.ToString());
        Assert.Contains(sentence, error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("demo --data images.zip", "--data is --dataset now: write '--dataset FILE.zip|FOLDER'.")]
    [InlineData("demo --keep", "--keep is --data-dir now: write '--data-dir DIR'.")]
    [InlineData("silo --url http://127.0.0.1:6000", "--url is --address now: write '--address URL'.")]
    [InlineData("silo drain worker-1 --no-wait", "--no-wait is --detach now: write '--detach'.")]
    [InlineData("data get cifar10 --url=http://127.0.0.1/copy", "--url is --from now: write '--from URL'.")]
    [InlineData("data get celeba --output celeba.zip", "--output is --out now: write '--out FILE.zip'.")]
    [InlineData(
        "task adapt inspect --gain-at layer3",
        "--gain-at was removed, because the study of the method found it harmful or without use"
    )]
    public async Task Run_EarlierSpelling_ExitsWith2AndNamesTheNewOne(string line, string sentence)
    {
        Assert.Equal(2, await ComodRoot.Run(line.Split(' '), SilentTerminal.Of(out var error)));
        Assert.StartsWith("error usage: " + sentence, Assert.Single(error.ToString().TrimEnd().Split('\n')));
    }

    /// <summary>Whatever is wrong with any option of any command, no type of .NET is named.</summary>
    [Fact]
    public void UsageSentence_NonsenseForAnyOptionOrArgument_NamesNoTypeInOneLine()
    {
        var root = ComodRoot.Create(SilentTerminal.Of(out _));
        var sentences = new List<string>();
        foreach (var (path, command) in Leaves(root, []))
        {
            IEnumerable<string[]> lines =
            [
                path,
                .. command.Options.Select(option => (string[])[.. path, option.Name, "!nonsense!"]),
                .. command.Options.Select(option => (string[])[.. path, option.Name]),
                [.. path, .. command.Arguments.Select(_ => "!nonsense!")],
            ];
            foreach (var line in lines)
                if (root.Parse(line) is { Action: ParseErrorAction } parsed)
                    sentences.Add(UsageSentence.Of(parsed.Errors));
        }
        Assert.InRange(sentences.Count, 100, int.MaxValue);
        Assert.All(
            sentences,
            sentence => Assert.DoesNotMatch(@"System\.|Nullable|Int32|Double|`\d|expected type|\n", sentence)
        );
    }

    private static IEnumerable<(string[] Path, Command Command)> Leaves(Command command, string[] path) =>
        command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(inner => Leaves(inner, [.. path, inner.Name]));

    /// <summary>An option that two verbs have takes the same kind of value in both.</summary>
    [Fact]
    public void Options_OfOneName_TakeOneKindOfValue()
    {
        var options = Commands(ComodRoot.Create(SilentTerminal.Of(out _)))
            .SelectMany(c => c.Options)
            .Where(o => !o.Hidden)
            .GroupBy(o => o.Name)
            .ToArray();
        Assert.Contains(options, o => o.Key == "--address");
        // A data set is named, or a zip or folder of class folders where the command brings it along; images come from
        // a folder, an address or another data set; a part of a split is a number of drawn images, or a folder of given
        // ones.
        Assert.All(
            options.Where(o => o.Key is not ("--dataset" or "--from" or "--out" or "--train" or "--test")),
            o => Assert.Single(o.Select(one => one.HelpName).Distinct())
        );
    }

    private static IEnumerable<Command> Commands(Command command) =>
        command.Subcommands.SelectMany(Commands).Prepend(command);

    [Theory]
    [InlineData("reproduce nature-fig5 --quick", "dotnet run --project lab/Lab -c Release -- reproduce")]
    [InlineData("chaos --seconds 60", "dotnet run --project lab/Lab -c Release -- chaos")]
    public async Task Run_VerbOfTheLaboratory_ExitsWith2AndNamesTheCommand(string line, string command)
    {
        Assert.Equal(2, await ComodRoot.Run(line.Split(' '), SilentTerminal.Of(out var error)));
        Assert.Contains(command, Assert.Single(error.ToString().TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task Run_NobodyAtTheAddress_ExitsWith1AndTheCode()
    {
        var exit = await ComodRoot.Run(
            ["job", "list", "--address", "http://127.0.0.1:1"],
            SilentTerminal.Of(out var error)
        );
        Assert.Equal(1, exit);
        Assert.StartsWith("error unreachable: Nothing answers at http://127.0.0.1:1/", error.ToString());
    }
}
