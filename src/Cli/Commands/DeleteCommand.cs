using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands;

/// <summary><c>delete NAME</c> of any noun.</summary>
internal sealed class DeleteCommand : ClientCommand
{
    private readonly Argument<string> _name;
    private readonly string _kind;
    private readonly Func<ComodClient, string, CancellationToken, Task> _delete;

    public DeleteCommand(
        Terminal terminal,
        string noun,
        string kind,
        string description,
        Func<ComodClient, string, CancellationToken, Task> delete
    )
        : base(terminal, "delete", description, $"comod {noun} delete old-one")
    {
        _kind = kind;
        _delete = delete;
        Arguments.Add(_name = Commands.Arguments.Name(kind));
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        await _delete(client, name, cancellation);
        Terminal.Line($"Deleted {_kind} {name}.");
        return 0;
    }
}
