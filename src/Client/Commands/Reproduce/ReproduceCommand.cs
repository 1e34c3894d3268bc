using System.CommandLine;
using Spectre.Console;

namespace ComodCluster.Client.Commands.Reproduce;

/// <summary><c>comod reproduce</c></summary>
internal sealed class ReproduceCommand : ExampledCommand
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "Which; without it all are listed.",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _quick = new("--quick") { Description = "Few seeds and few points, in seconds: shows that it runs, and nothing else." };
    private readonly Option<bool> _soFar = new("--so-far") { Description = "Computes nothing: concludes from the part of an interrupted run that is in the journal." };
    private readonly Option<bool> _check = new("--check") { Description = "Exits with 1 where a published criterion does not hold." };

    private readonly Option<DirectoryInfo> _results = new("--results")
    {
        Description = "Where the results go, and the journal from which an interrupted run goes on.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("results"),
    };

    private readonly Option<int?> _threads = Checks.Between(1, 1024, new Option<int?>("--threads") { Description = "Cells computed at the same time [all cores].", HelpName = "N" });

    public ReproduceCommand(Terminal terminal) : base("reproduce",
        "Computes a published result anew and says, criterion by criterion, whether it holds; writes CSV and plots. An interrupted run goes on where it stopped.",
        "comod reproduce", "comod reproduce neurips-decoding --quick", "comod reproduce nature-fig5 --results docs/results", "comod reproduce nature-fig5 --results docs/results --so-far")
    {
        Arguments.Add(_name);
        Option[] all = [_quick, _results, _soFar, _check, _threads, OutputOption.Instance];
        foreach (var option in all) Options.Add(option);
        SetAction((arguments, cancellation) => Failures.Guard(terminal, async () =>
        {
            if (arguments.GetValue(_name) is not { } name) return List(terminal, arguments.IsJson());
            var (quick, results) = (arguments.GetValue(_quick), arguments.GetRequiredValue(_results));
            var run = new ReproductionRun(Reproductions.Find(name), quick, arguments.GetValue(_soFar), results, arguments.GetValue(_threads) ?? Environment.ProcessorCount, terminal);
            var outcome = await run.Execute(cancellation);
            if (arguments.IsJson()) terminal.Json(outcome);
            else outcome.Write(terminal);
            return arguments.GetValue(_check) && outcome.Criteria.Any(criterion => !criterion.Holds) ? Failures.Failed : 0;
        }, cancellation));
    }

    private static int List(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Json(Reproductions.All.Select(known => new { known.Name, known.Summary }));
            return 0;
        }
        var table = new Table { Border = TableBorder.Rounded }.AddColumn("name").AddColumn("what");
        foreach (var known in Reproductions.All) table.AddRow(Markup.Escape(known.Name), Markup.Escape(known.Summary));
        terminal.Out.Write(table);
        return 0;
    }
}
