using Spectre.Console;
using Spectre.Console.Rendering;

namespace ComodCluster.Cli.Commands.Watching;

/// <summary>A column of fixed width, so that bars do not jump while numbers change.</summary>
internal sealed class BarColumn(IReadOnlyDictionary<int, JobBar> bars, int width, Func<BarState, string> text)
    : ProgressColumn
{
    protected override bool NoWrap => true;

    public override int? GetColumnWidth(RenderOptions options) => width;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        if (!bars.TryGetValue(task.Id, out var bar))
            return Text.Empty;
        var state = bar.State();
        return new Text(
            text(state),
            new Style(
                state.Failed ? Color.Red
                : state.Done ? Color.Green
                : Color.Default
            )
        ).RightJustified();
    }
}
