using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands;

/// <summary><c>show</c> of any noun.</summary>
internal sealed class ShowCommand<T> : ClientCommand
{
    private readonly Argument<string> _name;
    private readonly Func<ComodClient, string, CancellationToken, Task<T>> _get;
    private readonly (string Name, Func<T, string?> Value)[] _lines;

    /// <summary>What is written after the lines; null: nothing.</summary>
    public Func<ComodClient, T, CancellationToken, Task>? Then { get; init; }

    /// <param name="name">Which one is shown.</param>
    /// <param name="example">A name for the example in the help.</param>
    /// <param name="lines">Names with the value that each has of the thing; without one the line is left out.</param>
    public ShowCommand(
        Terminal terminal,
        string noun,
        Argument<string> name,
        string example,
        Func<ComodClient, string, CancellationToken, Task<T>> get,
        params (string Name, Func<T, string?> Value)[] lines
    )
        : base(terminal, "show", $"Shows one {noun}.", $"comod {noun} show {example}")
    {
        (_name, _get, _lines) = (name, get, lines);
        Arguments.Add(_name);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var thing = await _get(client, arguments.GetRequiredValue(_name), cancellation);
        if (arguments.IsJson())
        {
            Terminal.Json(thing);
            return 0;
        }
        Listing.Write(Terminal, [.. _lines.Select(line => (line.Name, line.Value(thing)))]);
        if (Then is not null)
            await Then(client, thing, cancellation);
        return 0;
    }
}
