using System.CommandLine;
using ComodCluster.Cli.Commands.Downloads;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary><c>comod data get cifar10</c> and <c>comod data get cifar100</c></summary>
internal sealed class GetCifarCommand : ExampledCommand
{
    private readonly CifarSource _source;
    private readonly Terminal _terminal;
    private readonly Option<Uri> _from;
    private readonly Option<bool> _superclasses = new("--superclasses")
    {
        Description = "Makes the 20 superclasses the classes; names of images begin with their own class.",
    };

    /// <param name="source">Which, and where it is unless <c>--from</c> says otherwise.</param>
    public GetCifarCommand(Terminal terminal, CifarSource source)
        : base(
            source.Name,
            $"Downloads {source.Title} from its authors, checks it and writes an archive to upload. After an "
                + $"interruption the same command goes on where it was.",
            [
                $"comod data get {source.Name}",
                .. source.Superclasses is null
                    ? Array.Empty<string>()
                    : [$"comod data get {source.Name} --superclasses --out superclasses.zip"],
                $"comod data get {source.Name} --from {source.Url} --force",
            ]
        )
    {
        (_source, _terminal) = (source, terminal);
        _from = new Option<Uri>("--from")
        {
            Description = "Address of a copy of the same file.",
            HelpName = "URL",
            DefaultValueFactory = _ => source.Url,
            CustomParser = result =>
            {
                if (
                    Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri)
                    && uri.Scheme is "http" or "https"
                )
                    return uri;
                result.AddError($"'{result.Tokens[0].Value}' is no address of a file: write it like {source.Url}.");
                return null;
            },
        };
        var archive = new ArchiveOptions(this, $"{source.Name}.zip");
        RefusedOption.Renamed(this, "--url", _from);
        Options.Add(_from);
        if (source.Superclasses is not null)
            Options.Add(_superclasses);
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    async () =>
                    {
                        var file = archive.Of(arguments);
                        file.RefuseToOverwrite();
                        await file.Guard(() =>
                            Run(
                                file,
                                arguments.GetRequiredValue(_from),
                                source.Superclasses is not null && arguments.GetValue(_superclasses),
                                cancellation
                            )
                        );
                        return 0;
                    },
                    cancellation
                )
        );
    }

    private async Task Run(ArchiveFile file, Uri url, bool bySuperclass, CancellationToken cancellation)
    {
        using (var http = Download.NewHttp(url))
            await new Download(http, _terminal).Bring(
                new(url, Checksum.Md5(_source.Md5), _from.Name),
                file.Part,
                cancellation
            );
        _terminal.Note("Converting to PNG ...");
        var content = "";
        await using (var original = File.OpenRead(file.Part.Path))
        using (var conversion = new CifarConversion(_source, original))
            file.Write(zip => content = conversion.Write(zip, bySuperclass, cancellation));
        file.Part.Delete();
        file.Tell(_terminal, content, _source.Name);
    }
}
