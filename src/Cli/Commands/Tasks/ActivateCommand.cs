using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class ActivateCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Argument<int> _version = new("version")
    {
        Description = "Number of the version; 0 is the base.",
        HelpName = "VERSION",
    };

    public ActivateCommand(Terminal terminal)
        : base(
            terminal,
            "activate",
            "Serves another version from now on.",
            "comod task activate gear-or-washer 2",
            "comod task activate gear-or-washer 0"
        )
    {
        Arguments.Add(_name);
        Arguments.Add(_version);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var task = await client.Tasks.Activate(
            arguments.GetRequiredValue(_name),
            arguments.GetValue(_version),
            cancellation
        );
        Terminal.Line(
            $"Task {task.Spec.Name} is served by "
                + $"{(task.ActiveVersion == 0 ? "the base" : $"version {task.ActiveVersion}")}."
        );
        return 0;
    }
}
