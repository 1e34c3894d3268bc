using System.CommandLine;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Backbones;

internal sealed class RegisterBackboneCommand : ClientCommand
{
    private const int MinInputSize = 96,
        MaxInputSize = 384;

    private readonly Argument<string> _name = Commands.Arguments.Name("backbone");
    private readonly Argument<FileInfo> _file = new Argument<FileInfo>("file")
    {
        Description =
            "Weights of a ResNet: .safetensors, .pth or .pt (a state dict of PyTorch), .onnx. Names of torchvision, timm "
            + "and Transformers are known; nothing of a file is executed.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    }.AcceptExistingOnly();

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "Downloads the weights from there instead. After an interruption the same command goes on.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            result.AddError($"'{result.Tokens[0].Value}' is no address of a file: write it like https://HOST/FILE.");
            return null;
        },
    };

    private readonly Option<string?> _sha256 = new("--sha256")
    {
        Description = "What the downloaded file must have, 64 hexadecimal digits: needed with --url.",
        HelpName = "HEX",
    };

    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "Classes of the head, in order, separated by commas [numbered].",
        HelpName = "A,B",
    };

    private readonly Option<FileInfo?> _classFile = new("--class-file")
    {
        Description = "Text file with a class of the head on each line, in order.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _inputSize = Checks.Between(
        MinInputSize,
        MaxInputSize,
        new Option<int?>("--input-size")
        {
            Description =
                $"Side of the images that the network is to see, {MinInputSize} to {MaxInputSize} [the file's own, or 224].",
            HelpName = "PX",
        }
    );

    private readonly Option<string?> _architecture = new("--architecture")
    {
        Description = "Refuses weights of another one, as resnet18, resnet34, resnet50 [any].",
        HelpName = "NAME",
    };

    private readonly string _downloads;

    /// <param name="downloads">Folder of what is downloaded, until it is registered.</param>
    public RegisterBackboneCommand(Terminal terminal, string? downloads = null)
        : base(
            terminal,
            "register",
            "Registers the weights of a ResNet, from a file or from an address.",
            "comod backbone register imagenet resnet50.pth --class-file imagenet.txt",
            "comod backbone register fruits finetuned.safetensors --classes apple,pear,plum --input-size 128",
            "comod backbone register imagenet --url https://download.pytorch.org/models/resnet18-f37072fd.pth "
                + "--sha256 f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec"
        )
    {
        _downloads = downloads ?? WeightsDownload.DefaultFolder();
        Arguments.Add(_name);
        Arguments.Add(_file);
        Option[] options = [_url, _sha256, _classes, _classFile, _inputSize, _architecture];
        foreach (var option in options)
            Options.Add(option);
        ConnectionOptions.AddTo(this);
        _sha256.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var hex }] && !(hex.Length == 64 && hex.All(char.IsAsciiHexDigit)))
                result.AddError($"'{hex}' is no SHA-256: give --sha256 64 hexadecimal digits.");
        });
        _classFile.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && !File.Exists(path))
                result.AddError($"There is no file {path}: give --class-file a text file with a class on each line.");
        });
        _classes.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !given.Contains(',') && File.Exists(given))
                result.AddError($"{given} is a file: write '--class-file {given}'.");
        });
        Validators.Add(result =>
        {
            if (result.GetResult(_classes) is not null && result.GetResult(_classFile) is not null)
                result.AddError("--classes and --class-file are given: leave one of them out.");
        });
        Validators.Add(result =>
        {
            var (file, url) = (result.GetResult(_file)?.Tokens.Count > 0, result.GetResult(_url) is not null);
            if (file == url)
                result.AddError(
                    file
                        ? "A file and --url are given: leave one of them out."
                        : "Which weights? Give a file, or an address with --url and --sha256."
                );
            else if (url != result.GetResult(_sha256) is not null)
                result.AddError(
                    url
                        ? "--url needs --sha256, so that what comes is what was published: give the one that stands "
                            + "beside the file."
                        : "--sha256 belongs to --url: leave it out."
                );
        });
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var classes = arguments.GetValue(_classFile) is { } list
            ? await ClassList.Read(list, cancellation)
            : ClassList.Split(arguments.GetValue(_classes));
        if (arguments.GetValue(_url) is not { } url)
        {
            await Register(arguments, arguments.GetValue(_file)!, classes, client, cancellation);
            return 0;
        }
        var part = await new WeightsDownload(Terminal, _downloads).Bring(
            url,
            arguments.GetValue(_sha256)!.ToLowerInvariant(),
            cancellation
        );
        await Register(arguments, new FileInfo(part.Path), classes, client, cancellation);
        part.Delete();
        return 0;
    }

    private async Task Register(
        ParseResult arguments,
        FileInfo file,
        string[]? classes,
        ComodClient client,
        CancellationToken cancellation
    )
    {
        var name = arguments.GetRequiredValue(_name);
        var digest = await Digests.OfFile(file, cancellation);
        var backbone = await Uploading.Show(
            Terminal,
            $"Uploading {name}",
            file.Length,
            sent =>
                client.Backbones.Register(
                    name,
                    file.OpenRead,
                    arguments.GetValue(_architecture),
                    classes,
                    digest,
                    sent,
                    arguments.GetValue(_inputSize),
                    cancellation
                )
        );
        Terminal.Line(
            $"Registered {backbone.Name}: {backbone.Architecture}, {backbone.InputSize} px, "
                + $"{backbone.Parameters:N0} parameters, sha256 {backbone.Digest}."
        );
        if (backbone.Classes.Count == 0)
            Terminal.Note("It has no head: each task on it gets a readout of its own.");
        else if (backbone.Classes is ["output-0", ..])
            Terminal.Note(
                $"The {backbone.Classes.Count:N0} rows of its head have no names, only numbers: --class-file gives them."
            );
    }
}
