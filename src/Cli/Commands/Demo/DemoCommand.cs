using System.CommandLine;
using ComodCluster.Cli.Commands.Files;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary><c>comod demo</c></summary>
internal sealed class DemoCommand : ExampledCommand
{
    private readonly Option<string?> _dataset = new("--dataset")
    {
        Description =
            "Zip or folder of class folders: tasks are clutter composed of these images, not the built-in scenes.",
        HelpName = "FILE.zip|FOLDER",
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Fewer steps and test images, for a first look and for CI.",
    };
    private readonly Option<FileInfo?> _json = new("--json")
    {
        Description = "Writes everything that was measured.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _seeds = Checks.Between(
        1,
        20,
        new Option<int?>("--seeds")
        {
            Description = "Seeds; each draws its examples anew [1; 3 with --dataset].",
            HelpName = "N",
        }
    );

    private readonly Option<int> _examples = Checks.Between(
        8,
        5000,
        new Option<int>("--examples")
        {
            Description = "Labelled images of each task.",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        }
    );

    private readonly Option<int> _tasks = Checks.Between(
        1,
        DemoTasks.Most,
        new Option<int>("--tasks")
        {
            Description = "Tasks that adapt at the same time.",
            HelpName = "N",
            DefaultValueFactory = _ => 8,
        }
    );

    private readonly Option<FileInfo> _report = new("--report")
    {
        Description = "Where the report goes, one self-contained page.",
        HelpName = "FILE.html",
        DefaultValueFactory = _ => new FileInfo("report.html"),
    };

    private readonly Option<DirectoryInfo?> _directory = new("--data-dir")
    {
        Description = "New data directory of the silo that the command starts [a temporary one that is removed].",
        HelpName = "DIR",
    };

    public DemoCommand(Terminal terminal)
        : base(
            "demo",
            "Adapts eight tasks at once on one frozen backbone, kills the silo and starts it again, reverts a task, "
                + "and writes a report.",
            "comod demo",
            "comod demo --quick --json result.json",
            "comod demo --dataset cifar10.zip --seeds 3 --examples 50"
        )
    {
        RefusedOption.Renamed(this, "--data", _dataset);
        RefusedOption.Renamed(this, "--keep", _directory);
        Option[] all =
        [
            _dataset,
            _quick,
            _json,
            _report,
            _seeds,
            _examples,
            _tasks,
            _directory,
            ConnectionOptions.Device,
            ConnectionOptions.Threads,
        ];
        foreach (var option in all)
            Options.Add(option);
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    async () =>
                    {
                        await using var run = new DemoRun(Read(arguments), terminal);
                        return await run.Execute(cancellation);
                    },
                    cancellation
                )
        );
    }

    /// <exception cref="UsageException">A file is not there, or its folder is not.</exception>
    internal DemoOptions Read(ParseResult arguments)
    {
        var options = new DemoOptions
        {
            Data = arguments.GetValue(_dataset),
            Quick = arguments.GetValue(_quick),
            Json = arguments.GetValue(_json),
            Report = arguments.GetValue(_report)!,
            Seeds = arguments.GetValue(_seeds) ?? (arguments.GetValue(_dataset) is null ? 1 : 3),
            Examples = arguments.GetValue(_examples),
            Tasks = arguments.GetValue(_tasks),
            Device = arguments.GetValue(ConnectionOptions.Device),
            Threads = arguments.GetValue(ConnectionOptions.Threads),
            Keep = arguments.GetValue(_directory),
            Command = string.Join(' ', ["comod", .. arguments.Tokens.Select(token => token.Value)]),
        };
        if (options.Data is { } word && UserFiles.FaultOf(word) is { } fault)
            throw new UsageException(fault);
        foreach (var file in new[] { options.Report, options.Json }.OfType<FileInfo>())
            if (file.Directory is { Exists: false } folder)
                throw new UsageException(
                    $"There is no folder {folder.FullName} to write {file.Name} into: make it first."
                );
        return options;
    }
}
