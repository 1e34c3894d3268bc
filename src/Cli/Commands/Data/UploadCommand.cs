using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data;

internal sealed class UploadCommand : ClientCommand
{
    private readonly Argument<FileInfo> _file = new("file")
    {
        Description = "Zip with CLASS/IMAGE or {train,test}/CLASS/IMAGE; PNG, JPEG, WebP or BMP.",
        HelpName = "FILE.zip",
    };

    private readonly Option<string?> _name = Commands.Arguments.NameOption(
        "data set",
        "Name of the data set [from the file's name and content]."
    );
    private readonly Option<int> _seed = Checks.AtLeast(
        0,
        new Option<int>("--seed")
        {
            Description = "Chooses the held-out fifth where the zip has no test split [0].",
            HelpName = "N",
        }
    );

    public UploadCommand(Terminal terminal)
        : base(
            terminal,
            "upload",
            "Uploads a zip of images and imports it.",
            "comod data upload parts.zip",
            "comod data upload parts.zip --name parts --seed 1"
        )
    {
        Arguments.Add(_file.AcceptExistingOnly());
        Options.Add(_name);
        Options.Add(_seed);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        var name = await new DatasetUpload(client, Terminal).Ensure(
            file,
            arguments.GetValue(_name),
            arguments.GetValue(_seed),
            cancellation
        );
        Terminal.Line(DatasetLine.Of(await client.Datasets.Get(name, cancellation)));
        return 0;
    }
}
