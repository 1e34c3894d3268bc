using System.CommandLine;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class CreateTaskCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Option<string> _backbone = new("--backbone")
    {
        Description = "Backbone that the task is adapted on.",
        HelpName = "NAME",
        DefaultValueFactory = _ => BackboneNames.Default,
    };
    private readonly Option<string> _dataset = new("--dataset")
    {
        Description = "Data set that the task learns from.",
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

    public CreateTaskCommand(Terminal terminal)
        : base(
            terminal,
            "create",
            "Registers a task. Nothing is computed yet.",
            "comod task create pets --dataset pets",
            "comod task create gear-or-washer --backbone scenes --dataset gears --classes gear,washer --readout own"
        )
    {
        Arguments.Add(_name);
        Option[] options = [_backbone, _dataset, _classes, _readout];
        foreach (var option in options)
            Options.Add(option);
        _settings.AddTo(this);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var task = await client.Tasks.Create(
            new TaskSpec
            {
                Name = arguments.GetRequiredValue(_name),
                Backbone = arguments.GetRequiredValue(_backbone),
                Dataset = arguments.GetRequiredValue(_dataset),
                Classes = arguments
                    .GetValue(_classes)
                    ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Readout = MethodSettings.Value<ReadoutMode>(arguments.GetValue(_readout)),
                Options = _settings.Read(arguments),
            },
            cancellation
        );
        Terminal.Line(
            $"Created task {task.Spec.Name}: {string.Join(", ", task.Classes)}; readout {Format.Name(task.Readout)}."
        );
        return 0;
    }
}
