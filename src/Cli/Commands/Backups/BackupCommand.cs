using System.CommandLine;
using ComodCluster.Api.Backups;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Backups;

/// <summary><c>comod backup</c></summary>
internal sealed class BackupCommand : ClientCommand
{
    private readonly Argument<string> _directory = new("directory")
    {
        Description =
            "Absolute path on the machine of the silo: a new or empty directory, or one with earlier backups, from "
            + "which only what is new is copied.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Reads the files of earlier backups too, and copies those again that have changed.",
    };

    public BackupCommand(Terminal terminal)
        : base(
            terminal,
            "backup",
            "Backs up everything that the cluster has, while it serves. Ctrl-C ends it; the next one goes on from there.",
            "comod backup /mnt/backup",
            "comod backup /mnt/backup --verify"
        )
    {
        Arguments.Add(_directory);
        Options.Add(_verify);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var request = new BackupRequest
        {
            Directory = arguments.GetRequiredValue(_directory),
            Verify = arguments.GetValue(_verify),
        };
        var last = await ByteBar.Show(
            Terminal,
            "backup",
            async moved =>
            {
                BackupProgress? state = null;
                await foreach (var now in client.Backups.Run(request, cancellation))
                {
                    state = now;
                    moved(new(now.BytesDone, now.Phase == BackupPhase.Catalog ? null : now.Bytes));
                }
                return state!;
            }
        );
        Terminal.Line(
            $"Backup {last.Number} in {last.Directory}: {last.BlobsDone:N0} files, {Format.Bytes(last.BytesDone)}; "
                + $"{last.BlobsCopied:N0} of them new, {Format.Bytes(last.BytesCopied)}."
        );
        return last.Lost.Count == 0
            ? 0
            : Failures.Tell(
                Terminal,
                "backup-lacks",
                $"The cluster has lost files, and so the backup lacks those of {string.Join(", ", last.Lost)}: restore "
                    + $"them from an earlier backup, or make these anew.",
                Failures.Failed
            );
    }
}
