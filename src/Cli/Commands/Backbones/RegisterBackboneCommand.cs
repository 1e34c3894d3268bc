using System.CommandLine;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Backbones;

internal sealed class RegisterBackboneCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("backbone");
    private readonly Argument<FileInfo> _file = new("file")
    {
        Description = "Weights as safetensors.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _architecture = new("--architecture")
    {
        Description = "For weights without this project's metadata: resnet18, resnet34 or resnet50.",
        HelpName = "NAME",
    };

    private readonly Option<FileInfo?> _classes = new("--class-file")
    {
        Description = "Text file with a class of the head on each line, for weights without this project's metadata.",
        HelpName = "FILE",
    };

    public RegisterBackboneCommand(Terminal terminal)
        : base(
            terminal,
            "register",
            "Registers weights.",
            "comod backbone register parts parts.safetensors",
            "comod backbone register imagenet resnet18.safetensors --architecture resnet18 --class-file imagenet.txt"
        )
    {
        RefusedOption.Renamed(this, "--classes", _classes);
        Arguments.Add(_name);
        Arguments.Add(_file.AcceptExistingOnly());
        Options.Add(_architecture);
        Options.Add(_classes);
        ConnectionOptions.AddTo(this);
        _classes.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && !File.Exists(path))
                result.AddError($"There is no file {path}: give --class-file a text file with a class on each line.");
        });
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        var file = arguments.GetRequiredValue(_file);
        var classes = arguments.GetValue(_classes) is { } list
            ? (await File.ReadAllLinesAsync(list.FullName, cancellation))
                .Select(line => line.Trim())
                .Where(line => line.Length > 0)
                .ToArray()
            : null;
        if (classes is not null && classes.FirstOrDefault(one => one.Contains(',')) is { } bad)
            throw new UsageException($"Class '{bad}' has a comma, which separates classes: write it without.");
        var digest = await Digests.OfFile(file, cancellation);
        var backbone = await Uploading.Show(
            Terminal,
            $"Uploading {file.Name}",
            file.Length,
            sent =>
                client.Backbones.Register(
                    name,
                    file.OpenRead,
                    arguments.GetValue(_architecture),
                    classes,
                    digest,
                    sent,
                    cancellation
                )
        );
        Terminal.Line(
            $"Registered {backbone.Name}: {backbone.Architecture}, {backbone.Parameters:N0} parameters, sha256 "
                + $"{backbone.Digest}."
        );
        return 0;
    }
}
