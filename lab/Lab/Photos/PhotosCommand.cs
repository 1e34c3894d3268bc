using ComodCluster.Cli.Commands;
using Spectre.Console;

namespace ComodCluster.Lab.Photos;

/// <summary><c>photos</c></summary>
internal sealed class PhotosCommand : ExampledCommand
{
    public PhotosCommand(Terminal terminal)
        : base(
            "photos",
            "Public sets of photos that studies run on: without a verb they are listed.",
            $"{LabRoot.Name} photos",
            $"{LabRoot.Name} photos prepare tiles Magnetic-tile-defect-datasets --out tiles.zip"
        )
    {
        Subcommands.Add(new PreparePhotosCommand(terminal));
        Options.Add(OutputOption.Instance);
        SetAction(
            (arguments, _) =>
                Failures.Guard(
                    terminal,
                    () =>
                    {
                        List(terminal, arguments.IsJson());
                        return Task.FromResult(0);
                    },
                    CancellationToken.None
                )
        );
    }

    private static void List(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Json(PhotoDomains.All);
            return;
        }
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "domain", "what", "role", "classes", "photos of each", "repository", "commit" })
            table.AddColumn(heading);
        foreach (var domain in PhotoDomains.All)
            table.AddRow([
                .. new[]
                {
                    domain.Name,
                    domain.What,
                    domain.Role.ToString().ToLowerInvariant(),
                    $"{domain.Classes.Count}",
                    $"{domain.Train} + {domain.Test}",
                    domain.Repository,
                    domain.Commit[..10],
                }.Select(Markup.Escape),
            ]);
        terminal.Out.Write(table);
    }
}
