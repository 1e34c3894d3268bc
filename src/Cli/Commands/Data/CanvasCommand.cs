using System.CommandLine;
using ComodCluster.Api.Datasets;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data;

/// <summary><c>comod data scenes</c> and <c>comod data clutter</c></summary>
internal sealed class CanvasCommand : ClientCommand
{
    private readonly DatasetSourceKind _kind;
    private readonly Argument<string> _name = Commands.Arguments.Name("data set");
    private readonly Option<string> _from = new("--from")
    {
        Description = "Data set whose images are composed.",
        HelpName = "NAME",
        Required = true,
    };
    private readonly Option<string> _classes = new("--classes")
    {
        Description = "Classes of the object at the station, two or more, separated by commas.",
        HelpName = "A,B",
        Required = true,
    };
    private readonly Option<int> _station = Checks.Between(
        0,
        8,
        new Option<int>("--station")
        {
            Description = "Cell of the relevant object, 0 to 8, row by row.",
            HelpName = "N",
            DefaultValueFactory = _ => 4,
        }
    );

    private readonly Option<int> _train = Checks.AtLeast(
        1,
        new Option<int>("--train")
        {
            Description = "Train images.",
            HelpName = "N",
            DefaultValueFactory = _ => 400,
        }
    );
    private readonly Option<int> _test = Checks.AtLeast(
        1,
        new Option<int>("--test")
        {
            Description = "Test images.",
            HelpName = "N",
            DefaultValueFactory = _ => 600,
        }
    );
    private readonly Option<int> _seed = Checks.AtLeast(
        0,
        new Option<int>("--seed")
        {
            Description = "Seed of the drawing.",
            HelpName = "N",
            DefaultValueFactory = _ => 0,
        }
    );

    public CanvasCommand(Terminal terminal, DatasetSourceKind kind, string description, string example)
        : base(terminal, Format.Name(kind), description, example)
    {
        _kind = kind;
        Arguments.Add(_name);
        if (kind == DatasetSourceKind.Clutter)
            Options.Add(_from);
        Option[] options = [_classes, _station, _train, _test, _seed];
        foreach (var option in options)
            Options.Add(option);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        var job = await client.Datasets.Create(
            new DatasetSpec
            {
                Name = name,
                Source = new()
                {
                    Kind = _kind,
                    From = _kind == DatasetSourceKind.Clutter ? arguments.GetRequiredValue(_from) : null,
                    Canvas = new()
                    {
                        Classes = arguments
                            .GetRequiredValue(_classes)
                            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                        Station = arguments.GetValue(_station),
                        Train = arguments.GetValue(_train),
                        Test = arguments.GetValue(_test),
                        Seed = arguments.GetValue(_seed),
                    },
                },
            },
            cancellation
        );
        await Watcher(client).Watch($"Drawing {name}", job, cancellation);
        Terminal.Line(DatasetLine.Of(await client.Datasets.Get(name, cancellation)));
        return 0;
    }
}
