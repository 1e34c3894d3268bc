using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands;

/// <summary><c>list</c> of any noun.</summary>
internal sealed class ListCommand<T> : ClientCommand
{
    private readonly string _none;
    private readonly Func<ComodClient, CancellationToken, Task<IReadOnlyList<T>>> _list;
    private readonly (string Title, Func<T, string?> Cell)[] _columns;

    /// <param name="none">What is said where there is nothing to list.</param>
    /// <param name="columns">Titles with the cell that each gives for a thing.</param>
    public ListCommand(
        Terminal terminal,
        string noun,
        string description,
        string none,
        Func<ComodClient, CancellationToken, Task<IReadOnlyList<T>>> list,
        params (string Title, Func<T, string?> Cell)[] columns
    )
        : base(terminal, "list", description, $"comod {noun} list", $"comod {noun} list -o json")
    {
        (_none, _list, _columns) = (none, list, columns);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var all = await _list(client, cancellation);
        if (arguments.IsJson())
            Terminal.Json(all);
        else
            Listing.Write(Terminal, all, _none, _columns);
        return 0;
    }
}
