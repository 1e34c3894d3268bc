using System.CommandLine;
using ComodCluster.Api.Cluster;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Silos;

/// <summary><c>comod upgrade</c>: the last step after all silos have the new build.</summary>
internal sealed class UpgradeCommand : ClientCommand
{
    private readonly Option<int?> _format = Checks.AtLeast(
        1,
        new Option<int?>("--format")
        {
            Description = "The format to write from now on [the latest that every silo reads].",
            HelpName = "N",
        }
    );

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be done." };

    public UpgradeCommand(Terminal terminal)
        : base(
            terminal,
            "upgrade",
            "Lets the cluster store records in a later format, once all its silos have a build that reads it. There "
                + "is no way back.",
            "comod upgrade --dry-run",
            "comod upgrade --address http://gateway:5080"
        )
    {
        Options.Add(_format);
        Options.Add(_dryRun);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var before = await client.Cluster.Get(cancellation);
        Listing.Write(
            Terminal,
            before.Silos,
            "No silo is alive.",
            ("silo", s => s.Name),
            ("reads formats", s => $"{s.Oldest}-{s.Newest}"),
            ("address", s => s.Silo)
        );
        var (format, dryRun) = (arguments.GetValue(_format) ?? before.Newest, arguments.GetValue(_dryRun));
        await client.Cluster.Raise(new FormatRequest { Format = format, DryRun = dryRun }, cancellation);
        Terminal.Line(
            format == before.Format
                ? $"The cluster writes format {format}, and no later one is known to every silo: there is nothing "
                    + $"to do."
                : $"The cluster {(dryRun ? "would write" : "writes")} format {format} instead of {before.Format} "
                    + $"from now on."
        );
        return 0;
    }
}
