using ComodCluster.Api.Backbones;

namespace ComodCluster.Cli.Commands.Backbones;

/// <summary><c>comod backbone</c></summary>
internal static class BackboneCommands
{
    public static CommandGroup Create(Terminal terminal) =>
        new(
            "backbone",
            "Frozen networks that tasks are adapted on.",
            List(terminal),
            new RegisterBackboneCommand(terminal),
            new TrainBackboneCommand(terminal),
            new DeleteCommand(
                terminal,
                "backbone",
                "backbone",
                "Deletes a backbone that no task uses.",
                (client, name, cancellation) => client.Backbones.Delete(name, cancellation)
            )
        );

    private static ListCommand<BackboneInfo> List(Terminal terminal) =>
        new(
            terminal,
            "backbone",
            "Lists backbones.",
            "No backbones: register or train one.",
            (client, cancellation) => client.Backbones.List(cancellation),
            ("name", backbone => backbone.Name),
            ("phase", backbone => Format.Name(backbone.Phase)),
            ("architecture", backbone => backbone.Architecture),
            ("input", backbone => backbone.InputSize == 0 ? null : $"{backbone.InputSize} px"),
            (
                "classes",
                backbone =>
                    backbone is { Phase: BackbonePhase.Ready or BackbonePhase.Available, Classes.Count: 0 }
                        ? "no head"
                        : $"{backbone.Classes.Count}"
            ),
            ("parameters", backbone => $"{backbone.Parameters:N0}"),
            ("digest", backbone => backbone.Digest?[..12]),
            ("reason", backbone => backbone.Reason ?? "")
        );
}
