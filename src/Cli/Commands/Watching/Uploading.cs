namespace ComodCluster.Cli.Commands.Watching;

/// <summary>A bar over the bytes of a file that is sent.</summary>
internal static class Uploading
{
    /// <param name="send">Sends the file and reports the bytes sent so far.</param>
    public static Task<T> Show<T>(Terminal terminal, string label, long bytes, Func<IProgress<long>, Task<T>> send) =>
        ByteBar.Show(terminal, label, moved => send(new Sent(sent => moved(new(sent, bytes)))));

    /// <summary>Reports at once and in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Sent(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
