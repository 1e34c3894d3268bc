using System.CommandLine;
using System.CommandLine.Parsing;

namespace ComodCluster.Cli.Commands;

/// <summary>An option of earlier builds: it is refused with what to write instead.</summary>
internal sealed class RefusedOption : Option<string?>
{
    private RefusedOption(string name, string sentence)
        : base(name)
    {
        (Hidden, Arity) = (true, ArgumentArity.ZeroOrOne);
        Validators.Add(result => result.AddError(sentence));
    }

    /// <summary>An option that has another name now.</summary>
    public static void Renamed(Command command, string name, Option now)
    {
        var value = now.HelpName is { } help ? $" {help}" : "";
        command.Options.Add(new RefusedOption(name, $"{name} is {now.Name} now: write '{now.Name}{value}'."));
    }

    /// <summary>A setting that this build has no more.</summary>
    public static void Removed(Command command, string name) =>
        command.Options.Add(
            new RefusedOption(
                name,
                $"{name} was removed, because the study of the method found it harmful or without use "
                    + "(docs/method-study.md); leave it out."
            )
        );

    /// <summary>Whether an error is of such an option: it is told before all others.</summary>
    public static bool Is(ParseError error) => error.SymbolResult is OptionResult { Option: RefusedOption };
}
