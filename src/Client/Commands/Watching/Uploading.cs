using Spectre.Console;

namespace ComodCluster.Client.Commands.Watching;

/// <summary>A bar over the bytes of a file that is sent.</summary>
internal static class Uploading
{
    /// <param name="send">Sends the file and reports the bytes sent so far.</param>
    public static Task<T> Show<T>(Terminal terminal, string label, long bytes, Func<IProgress<long>, Task<T>> send)
    {
        if (!terminal.Live) return send(new Sent(_ => { }));
        return terminal.Error.Progress().AutoClear(false).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(),
            new DownloadedColumn(), new TransferSpeedColumn()).StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(label), maxValue: Math.Max(1, bytes));
                var result = await send(new Sent(sent => bar.Value = sent));
                bar.Value = bar.MaxValue;
                return result;
            });
    }

    /// <summary>Reports at once and in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Sent(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
