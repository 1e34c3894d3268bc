using System.CommandLine;
using System.CommandLine.Parsing;

namespace ComodCluster.Cli.Commands;

/// <summary>An option that has another name now: it is refused with that name.</summary>
internal sealed class EarlierSpelling : Option<string?>
{
    private EarlierSpelling(string name, Option now)
        : base(name)
    {
        (Hidden, Arity) = (true, ArgumentArity.ZeroOrOne);
        Validators.Add(result =>
            result.AddError(
                $"{name} is {now.Name} now: write '{now.Name}{(now.HelpName is { } value ? $" {value}" : "")}'."
            )
        );
    }

    public static void AddTo(Command command, string name, Option now) =>
        command.Options.Add(new EarlierSpelling(name, now));

    /// <summary>Whether an error is of such an option: it is told before all others.</summary>
    public static bool Is(ParseError error) => error.SymbolResult is OptionResult { Option: EarlierSpelling };
}
