using System.CommandLine;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Planning;

/// <summary><c>comod plan</c></summary>
internal sealed class PlanCommand : ClientCommand
{
    private readonly Option<string> _backbone = new("--backbone")
    {
        Description = "Backbone that the task would be adapted on.",
        HelpName = "NAME",
        DefaultValueFactory = _ => BackboneNames.Default,
    };
    private readonly Option<string> _dataset = new("--dataset")
    {
        Description = "Data set that the task would learn from.",
        HelpName = "NAME",
        Required = true,
    };
    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "Classes or attributes to decide between, separated by commas [all of the data set].",
        HelpName = "A,B",
    };
    private readonly Option<string?> _readout = MethodSettings.OneOf(
        "--readout",
        "head: rows of the backbone's head; own: new classes, by a readout of the task's own [head where the "
            + "backbone knows all classes].",
        Enum.GetValues<ReadoutMode>()
    );
    private readonly MethodSettings _settings = new();
    private readonly Option<int?> _seed = Checks.AtLeast(
        0,
        new Option<int?>("--seed") { Description = "Draws the images that are looked at [0].", HelpName = "N" }
    );
    private readonly Option<int?> _images = Checks.Between(
        16,
        512,
        new Option<int?>("--images") { Description = "Train images that are looked at, at most [512].", HelpName = "N" }
    );
    private readonly Option<double?> _bound = new("--loss-bound")
    {
        Description = "Share by which the noise may raise the expected loss [0.01].",
        HelpName = "X",
    };
    private readonly Option<int?> _deadline = Checks.Between(
        1,
        PlanRequest.MaxSeconds,
        new Option<int?>("--deadline") { Description = "Seconds after which the silo gives up [120].", HelpName = "N" }
    );
    private readonly Option<FileInfo?> _report = new("--report")
    {
        Description = "Writes the plan as one self-contained page with plots.",
        HelpName = "FILE.html",
    };

    public PlanCommand(Terminal terminal)
        : base(
            terminal,
            "plan",
            "Says what a task will cost and return, before any adaptation: where to cut, which amplitude is safe, "
                + "which accuracy to expect. Registers nothing.",
            "comod plan --backbone scenes --dataset gears",
            "comod plan --backbone cifar10-objects --dataset pets --classes cat,dog --examples 50 --report plan.html"
        )
    {
        Option[] options = [_backbone, _dataset, _classes, _readout, _seed, _images, _bound, _deadline, _report];
        foreach (var option in options)
            Options.Add(option);
        _settings.AddTo(this);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
        _report.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && Path.GetDirectoryName(Path.GetFullPath(result.Tokens[0].Value)) is { } folder
                && !Directory.Exists(folder)
            )
                result.AddError($"There is no folder {folder}: make it, or choose another place for --report.");
        });
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var plan = await client.Plans.Make(
            new PlanRequest
            {
                Backbone = arguments.GetRequiredValue(_backbone),
                Dataset = arguments.GetRequiredValue(_dataset),
                Classes = arguments
                    .GetValue(_classes)
                    ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Readout = MethodSettings.Value<ReadoutMode>(arguments.GetValue(_readout)),
                Options = _settings.Read(arguments),
                Seed = arguments.GetValue(_seed),
                Images = arguments.GetValue(_images),
                LossBound = arguments.GetValue(_bound),
            },
            arguments.GetValue(_deadline) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            cancellation
        );
        if (arguments.GetValue(_report) is { } report)
        {
            await File.WriteAllTextAsync(
                report.FullName,
                PlanPage.Render(plan, Terminal.Time.GetUtcNow()),
                cancellation
            );
            Terminal.Note($"Wrote {report.FullName}.");
        }
        if (arguments.IsJson())
            Terminal.Json(plan);
        else
            PlanText.Write(Terminal, plan);
        return 0;
    }
}
