using Spectre.Console;

namespace ComodCluster.Cli.Commands.Watching;

/// <summary>A bar over bytes that are sent or received.</summary>
internal static class ByteBar
{
    /// <param name="move">Moves the bytes and reports how many so far.</param>
    public static Task<T> Show<T>(Terminal terminal, string label, Func<Action<ByteCount>, Task<T>> move)
    {
        if (!terminal.Live)
            return move(_ => { });
        return terminal
            .Error.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 30 },
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn()
            )
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(label), maxValue: 1);
                var result = await move(count =>
                {
                    bar.IsIndeterminate = count.Total is null;
                    bar.MaxValue = Math.Max(1, count.Total ?? count.Moved);
                    bar.Value = count.Moved;
                });
                bar.Value = bar.MaxValue;
                return result;
            });
    }
}
