using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Backbones;

internal sealed class ListBackbonesCommand : ClientCommand
{
    public ListBackbonesCommand(Terminal terminal) : base(terminal, "list", "Lists backbones.", "comod backbone list", "comod backbone list -o json")
    {
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var backbones = await client.Backbones.List(cancellation);
        if (arguments.IsJson()) Terminal.Json(backbones);
        else
            Listing.Write(Terminal, backbones, "No backbones: register or train one.",
                ("name", backbone => backbone.Name), ("phase", backbone => Format.Name(backbone.Phase)), ("architecture", backbone => backbone.Architecture),
                ("input", backbone => backbone.InputSize == 0 ? null : $"{backbone.InputSize} px"), ("classes", backbone => $"{backbone.Classes.Count}"),
                ("parameters", backbone => $"{backbone.Parameters:N0}"), ("digest", backbone => backbone.Digest?[..12]), ("reason", backbone => backbone.Reason ?? ""));
        return 0;
    }
}
