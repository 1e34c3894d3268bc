using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Silos;

internal sealed class UndrainWorkerCommand : ClientCommand
{
    private readonly Argument<string> _name = new("name")
    {
        Description = "Name of the worker; see 'comod silo list'.",
        HelpName = "NAME",
    };

    public UndrainWorkerCommand(Terminal terminal)
        : base(terminal, "undrain", "Takes a drain back: the worker takes jobs again.", "comod silo undrain worker-1")
    {
        Arguments.Add(_name);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var worker = await client.Workers.Undrain(arguments.GetRequiredValue(_name), cancellation);
        Terminal.Line($"{worker.Name}: open.");
        return 0;
    }
}
