using System.CommandLine;
using ComodCluster.Cli.Silos;

namespace ComodCluster.Cli.Commands.Backups;

/// <summary><c>comod restore</c>: the silo's program does it, since it has the storage.</summary>
internal sealed class RestoreCommand : ExampledCommand
{
    private readonly Argument<string> _directory = new("directory")
    {
        Description = "The directory of the backup.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<int?> _backup = Checks.AtLeast(
        1,
        new Option<int?>("--backup")
        {
            Description = "Number of the backup in the directory [the latest finished one].",
            HelpName = "N",
        }
    );

    private readonly Option<bool> _skipLost = new("--skip-lost")
    {
        Description = "Restores what is left where files of the backup are missing or have changed.",
    };

    public RestoreCommand(Terminal terminal)
        : base(
            "restore",
            "Restores a backup into an empty place, while no silo runs there: a new data directory, and the database "
                + "and place of blobs that Comod__Database and Comod__Blobs name, if they are set.",
            "comod restore /mnt/backup --data-dir ./restored",
            "comod restore /mnt/backup --backup 3 --data-dir ./restored"
        )
    {
        Arguments.Add(_directory);
        Options.Add(_backup);
        Options.Add(_skipLost);
        Options.Add(ConnectionOptions.DataDirectory);
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(terminal, () => Run(arguments, cancellation), CancellationToken.None)
        );
    }

    /// <returns>The exit code of the silo's program, which writes to this process's output.</returns>
    private Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        List<string> verb = ["restore", Path.GetFullPath(arguments.GetRequiredValue(_directory))];
        if (arguments.GetValue(_backup) is { } number)
            verb.AddRange(["--backup", $"{number}"]);
        if (arguments.GetValue(_skipLost))
            verb.Add("--skip-lost");
        return SiloProcess.Attached(ConnectionOptions.Settings(arguments), verb, cancellation);
    }
}
