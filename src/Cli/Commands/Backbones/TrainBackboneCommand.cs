using System.CommandLine;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Cli.Commands.Data;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Backbones;

internal sealed class TrainBackboneCommand : ClientCommand
{
    private static readonly TrainBackboneRequest s_defaults = new() { Name = "", Dataset = "" };

    private readonly Option<string> _dataset = new("--dataset")
    {
        Description =
            "scenes (the built-in generator), the name of a data set, or a zip or folder of class folders, which is "
            + "uploaded; a folder with a slash.",
        HelpName = "FILE.zip|FOLDER/|NAME|scenes",
        Required = true,
    };

    private readonly Option<string?> _name = Commands.Arguments.NameOption(
        "backbone",
        "Name of the result [from the other options]."
    );
    private readonly Option<string> _architecture = new("--architecture")
    {
        Description = "Family of the network.",
        HelpName = "NAME",
        DefaultValueFactory = _ => s_defaults.Architecture,
    };

    private readonly Option<int> _width = Number("--width", "Channels of the first stage.", s_defaults.Width, 1, 512);
    private readonly Option<int> _epochs = Number("--epochs", "Passes over the images.", s_defaults.Epochs, 1, 10_000);
    private readonly Option<int> _batch = Number("--batch", "Images of a step.", s_defaults.Batch, 1, 4096);
    private readonly Option<int> _seed = Number(
        "--seed",
        "Seed of weights and order.",
        s_defaults.Seed,
        0,
        int.MaxValue
    );
    private readonly Option<int> _skip = Number(
        "--skip",
        "Train images of each class left out, from the first on: tasks adapt from them.",
        s_defaults.Skip,
        0,
        int.MaxValue
    );
    private readonly Option<int> _drawn = Number(
        "--drawn",
        "Images an epoch, where the generator draws them.",
        s_defaults.Drawn,
        1,
        int.MaxValue
    );
    private readonly Option<FileInfo?> _out = new("--out")
    {
        Description = "Writes the weights to this file, as safetensors.",
        HelpName = "FILE",
    };

    public TrainBackboneCommand(Terminal terminal)
        : base(
            terminal,
            "train",
            "Trains a small backbone from scratch. After an interruption the same command goes on where it was.",
            "comod backbone train --dataset scenes --epochs 8 --out scenes.safetensors",
            "comod backbone train --dataset cifar10.zip --architecture cifar-resnet --width 16 --epochs 8 --seed 0 "
                + "--out cifar10-objects.safetensors"
        )
    {
        Option[] options = [_dataset, _name, _architecture, _width, _epochs, _batch, _seed, _skip, _drawn, _out];
        foreach (var option in options)
            Options.Add(option);
        ConnectionOptions.AddTo(this);
        _dataset.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && IsSource(given) && UserFiles.FaultOf(given) is not null)
                result.AddError(
                    $"There is no file or folder {given}: give --dataset a zip or folder of class folders, the name of "
                        + $"a data set or scenes."
                );
        });
        _out.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: var target }]
                && Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder
                && !Directory.Exists(folder)
            )
                result.AddError($"There is no folder {folder} to write the weights into: make it first.");
        });
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var target = arguments.GetValue(_out);
        var dataset = await Dataset(arguments.GetRequiredValue(_dataset), client, cancellation);
        var request = new TrainBackboneRequest
        {
            Name = "",
            Dataset = dataset,
            Architecture = arguments.GetRequiredValue(_architecture),
            Width = arguments.GetValue(_width),
            Epochs = arguments.GetValue(_epochs),
            Batch = arguments.GetValue(_batch),
            Seed = arguments.GetValue(_seed),
            Skip = arguments.GetValue(_skip),
            Drawn = arguments.GetValue(_drawn),
        };
        request = request with { Name = arguments.GetValue(_name) ?? DefaultName(request) };
        var job = await new BackboneTraining(client).StartOrResume(request, cancellation);
        await Watcher(client).Watch($"Training {request.Name}", job, cancellation);

        var backbone = await client.Backbones.Get(request.Name, cancellation);
        Terminal.Line(
            $"Trained {backbone.Name}: {backbone.Parameters:N0} parameters, {backbone.Classes.Count} classes, "
                + $"sha256 {backbone.Digest}."
        );
        if (!string.IsNullOrEmpty(backbone.Notes))
            Terminal.Line(backbone.Notes);
        if (target is not null)
            await Download(client, request.Name, target, cancellation);
        return 0;
    }

    /// <summary>No name of a data set has a dot or a slash.</summary>
    private static bool IsSource(string dataset) => !ObjectNames.IsValid(dataset);

    /// <summary>The name of a data set that is there, uploaded first where a file or folder was given.</summary>
    private async Task<string> Dataset(string given, ComodClient client, CancellationToken cancellation)
    {
        return IsSource(given)
            ? await new DatasetUpload(client, Terminal).Ensure(given, null, 0, new(), cancellation)
            : given;
    }

    private async Task Download(ComodClient client, string name, FileInfo target, CancellationToken cancellation)
    {
        var draft = target.FullName + ".part";
        try
        {
            await using (var file = File.Create(draft))
                await client.Backbones.DownloadWeights(name, file, cancellation);
            File.Move(draft, target.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
        target.Refresh();
        Terminal.Line($"Weights: {target.FullName} ({Format.Bytes(target.Length)})");
    }

    private static string DefaultName(TrainBackboneRequest request) =>
        Slug.Of(
            $"{Slug.Of(request.Dataset, 24)}-{Slug.Of(request.Architecture, 12)}-w{request.Width}-e{request.Epochs}-s{request.Seed}",
            62
        );

    private static Option<int> Number(string name, string description, int usual, int least, int most) =>
        Checks.Between(
            least,
            most,
            new Option<int>(name)
            {
                Description = description,
                HelpName = "N",
                DefaultValueFactory = _ => usual,
            }
        );
}
