using System.CommandLine;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary><c>comod data get celeba</c></summary>
internal sealed class GetCelebACommand : ExampledCommand
{
    private readonly Option<DirectoryInfo> _from = new Option<DirectoryInfo>("--from")
    {
        Description =
            "Folder with img_align_celeba (a folder or a zip), list_attr_celeba.txt and list_eval_partition.txt.",
        HelpName = "DIR",
        Required = true,
    }.AcceptExistingOnly();

    private readonly Option<int?> _limit = Checks.AtLeast(
        1,
        new Option<int?>("--limit")
        {
            Description = "Images of each part (train, validation, test), the first ones [all].",
            HelpName = "N",
        }
    );

    public GetCelebACommand(Terminal terminal)
        : base(
            "celeba",
            "Checks a local copy of CelebA and writes an archive to upload, with its attributes as labels.",
            "comod data get celeba --from celeba",
            "comod data get celeba --from celeba --limit 2000 --out celeba-small.zip"
        )
    {
        Options.Add(_from);
        Options.Add(_limit);
        var archive = new ArchiveOptions(this, "celeba.zip");
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    async () =>
                    {
                        var file = archive.Of(arguments);
                        file.RefuseToOverwrite();
                        var content = "";
                        await file.Guard(() =>
                        {
                            using var copy = new CelebACopy(arguments.GetRequiredValue(_from));
                            terminal.Note("Packing the images ...");
                            file.Write(zip => content = copy.Write(zip, arguments.GetValue(_limit), cancellation));
                            return Task.CompletedTask;
                        });
                        file.Tell(terminal, content, "celeba");
                        return 0;
                    },
                    cancellation
                )
        );
    }
}
