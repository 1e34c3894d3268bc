using ComodCluster.Cli.Commands;
using Spectre.Console;

namespace ComodCluster.Cli.Tests.Commands;

/// <summary>A terminal without colours, bars or width, whose lines the test reads.</summary>
internal static class SilentTerminal
{
    public static Terminal Of(out StringWriter error)
    {
        error = new StringWriter();
        return new Terminal(Plain(new StringWriter()), Plain(error), new StringWriter(), Live: false);
    }

    public static IAnsiConsole Plain(TextWriter writer)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) }
        );
        console.Profile.Width = 1000;
        return console;
    }
}
