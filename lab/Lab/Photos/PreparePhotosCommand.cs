using System.CommandLine;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Data.Get;

namespace ComodCluster.Lab.Photos;

/// <summary><c>photos prepare</c></summary>
internal sealed class PreparePhotosCommand : ExampledCommand
{
    private readonly Argument<string> _domain = new("domain") { Description = "Which domain.", HelpName = "DOMAIN" };
    private readonly Argument<DirectoryInfo> _clone = new("clone")
    {
        Description = "A clone of its repository.",
        HelpName = "CLONE",
    };

    public PreparePhotosCommand(Terminal terminal)
        : base(
            "prepare",
            "Writes a domain's archive from a clone of its repository, and checks that the photos are those of the "
                + "recipe.",
            $"{LabRoot.Name} photos prepare tiles Magnetic-tile-defect-datasets --out tiles.zip"
        )
    {
        Arguments.Add(_domain);
        Arguments.Add(_clone);
        var archive = new ArchiveOptions(this, "photos.zip");
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    async () =>
                    {
                        var domain = PhotoDomains.Find(arguments.GetRequiredValue(_domain));
                        var file = archive.Of(arguments);
                        file.RefuseToOverwrite();
                        await file.Guard(() =>
                        {
                            Prepare(domain, arguments.GetRequiredValue(_clone), file, cancellation);
                            return Task.CompletedTask;
                        });
                        terminal.Line(
                            $"{domain.Name}: {domain.Classes.Count} classes with {domain.Train} photos to adapt from "
                                + $"and {domain.Test} to test on, of {domain.Repository} ({domain.Licence})."
                        );
                        return 0;
                    },
                    cancellation
                )
        );
    }

    private static void Prepare(
        PhotoDomain domain,
        DirectoryInfo clone,
        ArchiveFile file,
        CancellationToken cancellation
    )
    {
        var list = PhotoList.Of(domain, clone);
        if (list.Digest != domain.Digest)
            throw new UsageException(
                $"The photos in {clone.FullName} are not those of the recipe (their list has the digest "
                    + $"{list.Digest}, not {domain.Digest}): {PhotoList.CheckOut(domain)}."
            );
        file.Write(zip => list.Write(zip, cancellation));
    }
}
