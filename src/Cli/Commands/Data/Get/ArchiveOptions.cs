using System.CommandLine;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>Where <c>comod data get</c> writes.</summary>
internal sealed class ArchiveOptions
{
    private readonly Option<FileInfo> _out;
    private readonly Option<bool> _force = new("--force") { Description = "Overwrites the file if it is there." };

    public ArchiveOptions(Command command, string file)
    {
        _out = new Option<FileInfo>("--out")
        {
            Description = "The archive that is written.",
            HelpName = "FILE.zip",
            DefaultValueFactory = _ => new FileInfo(file),
        };
        _out.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: var given }]
                && Path.GetDirectoryName(Path.GetFullPath(given)) is { } folder
                && !Directory.Exists(folder)
            )
                result.AddError($"There is no folder {folder} to write the archive into: make it first.");
        });
        RefusedOption.Renamed(command, "--output", _out);
        command.Options.Add(_out);
        command.Options.Add(_force);
    }

    public ArchiveFile Of(ParseResult arguments) => new(arguments.GetRequiredValue(_out), arguments.GetValue(_force));
}
