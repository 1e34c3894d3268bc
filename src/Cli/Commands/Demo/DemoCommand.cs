using System.CommandLine;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary><c>comod demo</c></summary>
internal sealed class DemoCommand : ExampledCommand
{
    private readonly Option<FileInfo?> _data = new("--data")
    {
        Description = "Zip of class folders: tasks are clutter composed of these images, not the built-in scenes.",
        HelpName = "FILE.zip",
    };

    private readonly Option<bool> _quick = new("--quick") { Description = "Fewer steps and test images, for a first look and for CI." };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "Writes everything that was measured.", HelpName = "FILE" };

    private readonly Option<int?> _seeds = Checks.Between(1, 20, new Option<int?>("--seeds")
    {
        Description = "Seeds; each draws its examples anew [1; 3 with --data].",
        HelpName = "N",
    });

    private readonly Option<int> _examples = Checks.Between(8, 5000, new Option<int>("--examples")
    {
        Description = "Labelled images of each task.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    });

    private readonly Option<int> _tasks = Checks.Between(1, DemoTasks.Most, new Option<int>("--tasks")
    {
        Description = "Tasks that adapt at the same time.",
        HelpName = "N",
        DefaultValueFactory = _ => 8,
    });

    private readonly Option<FileInfo> _report = new("--report")
    {
        Description = "Where the report goes, one self-contained page.",
        HelpName = "FILE",
        DefaultValueFactory = _ => new FileInfo("report.html"),
    };

    private readonly Option<string?> _device = new("--device") { Description = "auto, cpu or cuda[:n] [auto].", HelpName = "DEVICE" };
    private readonly Option<int?> _threads = Checks.AtLeast(1, new Option<int?>("--threads") { Description = "CPU threads of the engine [all cores].", HelpName = "N" });

    private readonly Option<DirectoryInfo?> _keep = new("--keep")
    {
        Description = "Keeps the silo's data in this new directory [a temporary one that is removed].",
        HelpName = "DIR",
    };

    public DemoCommand(Terminal terminal) : base("demo",
        "Adapts eight tasks at once on one frozen backbone, kills the silo and starts it again, reverts a task, and writes a report.",
        "comod demo", "comod demo --quick --json result.json", "comod demo --data cifar10.zip --seeds 3 --examples 50")
    {
        Option[] all = [_data, _quick, _json, _report, _seeds, _examples, _tasks, _device, _threads, _keep];
        foreach (var option in all) Options.Add(option);
        SetAction((arguments, cancellation) => Failures.Guard(terminal, async () =>
        {
            await using var run = new DemoRun(Read(arguments), terminal);
            return await run.Execute(cancellation);
        }, cancellation));
    }

    /// <exception cref="UsageException">A file is not there, or its folder is not.</exception>
    internal DemoOptions Read(ParseResult arguments)
    {
        var options = new DemoOptions
        {
            Data = arguments.GetValue(_data),
            Quick = arguments.GetValue(_quick),
            Json = arguments.GetValue(_json),
            Report = arguments.GetValue(_report)!,
            Seeds = arguments.GetValue(_seeds) ?? (arguments.GetValue(_data) is null ? 1 : 3),
            Examples = arguments.GetValue(_examples),
            Tasks = arguments.GetValue(_tasks),
            Device = arguments.GetValue(_device),
            Threads = arguments.GetValue(_threads),
            Keep = arguments.GetValue(_keep),
            Command = string.Join(' ', ["comod", .. arguments.Tokens.Select(token => token.Value)]),
        };
        if (options.Data is { Exists: false } data) throw new UsageException($"There is no file {data.FullName}: give --data a zip of class folders.");
        foreach (var file in new[] { options.Report, options.Json }.OfType<FileInfo>())
            if (file.Directory is { Exists: false } folder)
                throw new UsageException($"There is no folder {folder.FullName} to write {file.Name} into: make it first.");
        return options;
    }
}
