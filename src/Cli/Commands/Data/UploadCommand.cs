using System.CommandLine;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data;

internal sealed class UploadCommand : ClientCommand
{
    private readonly Argument<string> _source = new("source")
    {
        Description =
            "Zip or folder with CLASS/IMAGE or {train,test}/CLASS/IMAGE; PNG, JPEG, WebP or BMP. A pattern in quotes, "
            + "or - for a zip from standard input.",
        HelpName = "FILE.zip|FOLDER|-",
    };

    private readonly Option<string?> _name = Commands.Arguments.NameOption(
        "data set",
        "Name of the data set [from the source's name and content]."
    );
    private readonly Option<int> _seed = Checks.AtLeast(
        0,
        new Option<int>("--seed")
        {
            Description = "Chooses the held-out fifth where there is no test split [0].",
            HelpName = "N",
        }
    );

    private readonly ImportSettingOptions _settings = new();

    public UploadCommand(Terminal terminal)
        : base(
            terminal,
            "upload",
            "Uploads images, as a zip or a folder that is packed on the way, and imports them.",
            "comod data upload parts.zip",
            "comod data upload parts/",
            "comod data upload parts.zip --name parts --seed 1",
            "comod data upload parts.zip --train parts/2024 --test parts/2025"
        )
    {
        _source.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var word }] && UserFiles.FaultOf(word) is { } fault)
                result.AddError(fault);
        });
        Arguments.Add(_source);
        Options.Add(_name);
        Options.Add(_seed);
        _settings.AddTo(this);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = await new DatasetUpload(client, Terminal).Ensure(
            arguments.GetRequiredValue(_source),
            arguments.GetValue(_name),
            arguments.GetValue(_seed),
            _settings.Of(arguments),
            cancellation
        );
        var data = await client.Datasets.Get(name, cancellation);
        Terminal.Line(DatasetLine.Of(data));
        Listing.Write(Terminal, [.. DatasetReport.Lines.Select(line => (line.Name, line.Value(data)))]);
        return 0;
    }
}
