using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary><c>comod task import</c></summary>
internal sealed class ImportTasksCommand : ClientCommand
{
    private readonly Argument<FileInfo> _file = new("file")
    {
        Description =
            "One task per line, as POST /v1/tasks takes it: "
            + "{\"name\":\"a\",\"backbone\":\"scenes\",\"dataset\":\"gears\"}.",
        HelpName = "FILE.jsonl",
    };

    public ImportTasksCommand(Terminal terminal)
        : base(
            terminal,
            "import",
            "Registers many tasks, a thousand at a time. Repeated, it registers what is missing.",
            "comod task import tasks.jsonl"
        )
    {
        Arguments.Add(_file.AcceptExistingOnly());
        ConnectionOptions.AddTo(this);
    }

    protected override Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation) =>
        new TaskImport(client, Terminal).Run(arguments.GetRequiredValue(_file), cancellation);
}
