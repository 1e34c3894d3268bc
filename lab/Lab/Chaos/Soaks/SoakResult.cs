using System.Globalization;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Chaos.Soaks;

/// <summary>A silo under load for a long time.</summary>
/// <param name="Refused">Requests that were refused or broke off; asked again.</param>
internal sealed record SoakResult(
    double Minutes,
    int Tasks,
    int Predictions,
    int Refused,
    IReadOnlyList<SoakFigure> Figures,
    IReadOnlyList<SoakSample> Samples
)
{
    public void Write(Terminal terminal)
    {
        Listing.Write(
            terminal,
            Figures,
            "",
            ("figure", f => f.Name),
            ("after a third", f => Number(f.First)),
            ("at the end", f => Number(f.Last)),
            ("slope in an hour", f => $"{Number(f.PerHour)} ± {Number(f.Error)}"),
            ("for each task", f => Number(f.PerTask))
        );
        terminal.Line(
            $"{Minutes:0.0} minutes, {Tasks} tasks that came and went, {Predictions} predictions, {Refused} asked again."
        );
    }

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
