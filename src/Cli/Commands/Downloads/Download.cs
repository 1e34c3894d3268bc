using System.Net;
using System.Net.Http.Headers;
using ComodCluster.Cli.Commands.Watching;

namespace ComodCluster.Cli.Commands.Downloads;

/// <summary>
/// Brings a file of known checksum over HTTP. A broken connection, or an earlier run that was stopped, goes on where it
/// stopped.
/// </summary>
/// <param name="http">Without a timeout of its own.</param>
/// <param name="terminal">Told about every interruption.</param>
/// <param name="patience">How long a server may send nothing.</param>
internal sealed class Download(HttpClient http, Terminal terminal, TimeSpan? patience = null)
{
    /// <summary>Attempts in a row that bring nothing new.</summary>
    private const int Attempts = 4;

    private const int Redirects = 10;

    /// <summary>Whole files whose checksum is wrong.</summary>
    private const int WrongFiles = 2;

    private const int BufferBytes = 1 << 17;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(60);

    /// <summary>A client for files of any length.</summary>
    /// <param name="url">Where they are: no proxy leads to this machine.</param>
    public static HttpClient NewHttp(Uri url) =>
        new(new SocketsHttpHandler { UseProxy = !url.IsLoopback, AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("comod", "1") } },
        };

    /// <param name="part">Whole at the end; a wrong one is deleted.</param>
    /// <exception cref="DownloadException">download-refused, download-too-large, download-broken (the part stays),
    /// download-checksum (it is deleted), download-busy.</exception>
    public async Task Bring(DownloadSource source, PartFile part, CancellationToken cancellation)
    {
        var (url, sum) = (source.Url, source.Sum);
        if (await part.Sum(sum.Algorithm, cancellation) == sum.Hex)
            return;
        terminal.Note(
            part.Length == 0 ? $"Downloading {url}" : $"Downloading {url}, {Format.Bytes(part.Length)} are here already"
        );
        for (var wrong = 1; ; wrong++)
        {
            var came = await ByteBar.Show(
                terminal,
                "Downloading",
                received => Receive(source, part, received, cancellation)
            );
            if (came == sum.Hex)
                return;
            part.Delete();
            var what = $"{url} has the {sum.Name} {came ?? "of an empty file"} and not {sum.Hex}";
            if (wrong == WrongFiles)
                throw new DownloadException(
                    "download-checksum",
                    $"{what}, {WrongFiles} times: it was deleted; give the address of an intact copy with "
                        + $"{source.Option}{(source.SumOption is { } option ? $", or the right {option}" : "")}."
                );
            terminal.Note($"{what}: it was deleted and is downloaded anew.");
        }
    }

    /// <returns>The checksum of what came.</returns>
    private async Task<string?> Receive(
        DownloadSource source,
        PartFile part,
        Action<ByteCount> received,
        CancellationToken cancellation
    )
    {
        var furthest = part.Length;
        for (var idle = 0; ; )
        {
            var cause = await Attempt(source, part, received, cancellation);
            if (cause is null)
                return await part.Sum(source.Sum.Algorithm, cancellation);
            idle = part.Length > furthest ? 0 : idle + 1;
            furthest = Math.Max(furthest, part.Length);
            if (idle == Attempts)
                throw Broken(source, part, cause);
            terminal.Note($"The download stopped after {Format.Bytes(part.Length)} ({cause}); trying again.");
            await Task.Delay(TimeSpan.FromSeconds(1 << idle), terminal.Time, cancellation);
        }
    }

    private static DownloadException Broken(DownloadSource source, PartFile part, string cause)
    {
        var later = part.Length > 0 ? $"later, it goes on after {Format.Bytes(part.Length)}," : "later,";
        if (part.Length == 0)
            part.Delete();
        return new(
            "download-broken",
            $"{source.Url} cannot be downloaded ({cause}): repeat the command {later} or give another address with "
                + $"{source.Option}."
        );
    }

    /// <returns>Null where the server sent all, else why it did not.</returns>
    private async Task<string?> Attempt(
        DownloadSource source,
        PartFile part,
        Action<ByteCount> received,
        CancellationToken cancellation
    )
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var file = part.Open();
        try
        {
            waiting.CancelAfter(_patience);
            using var response = await Ask(source, file.Length, part.Mark, waiting.Token);
            if (Refusal(source, response) is { } refusal)
                return refusal;
            if (!Continues(response, file.Length))
                part.Restart(file, response);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return "the file there is shorter than what is here";
            if (response.StatusCode == HttpStatusCode.PartialContent && !Continues(response, file.Length))
                return "another range was sent";
            var total = response.Content.Headers.ContentLength + file.Length;
            RequireRoom(source, file, total ?? 0);
            file.Position = file.Length;
            await using var body = await response.Content.ReadAsStreamAsync(waiting.Token);
            var buffer = new byte[BufferBytes];
            while (true)
            {
                waiting.CancelAfter(_patience);
                var count = await Read(body, buffer, waiting.Token);
                if (count == 0)
                    return null;
                RequireRoom(source, file, file.Position + count);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
                received(new(file.Position, total));
            }
        }
        catch (HttpRequestException e)
        {
            return e.InnerException?.Message.TrimEnd('.') ?? e.Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"nothing came for {_patience.TotalSeconds:0.#} s";
        }
    }

    /// <summary>Asks for what is missing, and follows to where the file is.</summary>
    /// <param name="have">Bytes that are here.</param>
    private async Task<HttpResponseMessage> Ask(
        DownloadSource source,
        long have,
        RangeConditionHeaderValue? mark,
        CancellationToken cancellation
    )
    {
        var at = source.Url;
        for (var followed = 0; ; followed++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            if (have > 0 && mark is not null)
                (request.Headers.Range, request.Headers.IfRange) = (new RangeHeaderValue(have, null), mark);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            var next = new Uri(at, location);
            if (followed == Redirects || !(next.Scheme == at.Scheme || next.Scheme == Uri.UriSchemeHttps))
                throw new DownloadException(
                    "download-refused",
                    $"{source.Url} leads to {next}, where it is not followed: give the address of the file itself with "
                        + $"{source.Option}."
                );
            at = next;
        }
    }

    /// <summary>A server may announce less than it sends, or nothing.</summary>
    private static void RequireRoom(DownloadSource source, FileStream part, long bytes)
    {
        if (bytes <= source.MaxBytes)
            return;
        part.SetLength(0);
        throw new DownloadException(
            "download-too-large",
            $"{source.Url} has more than {Format.Bytes(source.MaxBytes)}: give the address of a smaller file with "
                + $"{source.Option}."
        );
    }

    /// <summary>Keeps errors of the connection apart from those of the disk.</summary>
    private static async Task<int> Read(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(
                HttpRequestError.ResponseEnded,
                "the connection broke",
                e is HttpIOException ? null : e
            );
        }
    }

    /// <summary>
    /// Whether the body begins where the part ends: a server that knows no ranges, or whose file has changed, sends
    /// all.
    /// </summary>
    private static bool Continues(HttpResponseMessage response, long length) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == length;

    /// <returns>The cause where another attempt may help.</returns>
    private static string? Refusal(DownloadSource source, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return null;
        var answer = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        if (
            response.StatusCode
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError
        )
            return $"the server answers {answer}";
        throw new DownloadException(
            "download-refused",
            $"{source.Url} answers {answer}: give the address of a copy with {source.Option}."
        );
    }
}
