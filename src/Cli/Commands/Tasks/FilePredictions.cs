using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>Asks a task about files, so many at a time as one request takes. A bad file spoils no other.</summary>
internal sealed class FilePredictions(ComodClient client, Terminal terminal)
{
    /// <summary>Images of a request.</summary>
    private const int Most = 64;

    /// <summary>Bytes of a request, well within what a silo takes.</summary>
    private const long MostBytes = 48_000_000;

    /// <summary>Bytes of an image: no more of a file is read.</summary>
    private const int MostOfOne = 20_000_000;

    private readonly List<PredictedFile> _answers = [];
    private readonly List<NamedImage> _next = [];

    /// <summary>The last answer; null where no file could be sent.</summary>
    public PredictResponse? Last { get; private set; }

    /// <returns>One for each file, in order.</returns>
    public async Task<IReadOnlyList<PredictedFile>> Ask(
        string task,
        IReadOnlyList<UserFile> files,
        CancellationToken cancellation
    ) =>
        await ByteBar.Show(
            terminal,
            "Predicting",
            async moved =>
            {
                var (total, done) = (files.Sum(file => file.Bytes), 0L);
                foreach (var file in files)
                {
                    await Add(task, file, cancellation);
                    moved(new(done += file.Bytes, total));
                }
                await Send(task, cancellation);
                return _answers;
            }
        );

    private async Task Add(string task, UserFile file, CancellationToken cancellation)
    {
        byte[] bytes;
        try
        {
            bytes = await Read(file, cancellation);
        }
        catch (FileException e)
        {
            // What was read before it has its answers before it.
            await Send(task, cancellation);
            _answers.Add(new(file.Name, null, null, new(0, "file", e.Message, file.Name)));
            return;
        }
        if (_next.Count == Most || _next.Sum(image => (long)image.Bytes.Length) + bytes.Length > MostBytes)
            await Send(task, cancellation);
        _next.Add(new(file.Name, bytes));
    }

    private async Task Send(string task, CancellationToken cancellation)
    {
        if (_next.Count == 0)
            return;
        Last = await client.Tasks.PredictEach(task, _next, cancellation);
        foreach (var (image, answer) in _next.Zip(Last.Predictions))
            _answers.Add(
                answer.Error is { } error
                    ? new(image.Name, null, null, error)
                    : new(image.Name, Last.Version, answer, null)
            );
        _next.Clear();
    }

    /// <exception cref="FileException">It cannot be read, or is larger than any image.</exception>
    private static async Task<byte[]> Read(UserFile file, CancellationToken cancellation)
    {
        if (file.Fault is { } fault)
            throw new FileException($"{file.Name} {fault}.");
        await using var source = file.Open();
        using var image = new MemoryStream((int)Math.Min(file.Bytes, MostOfOne));
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await file.Read(() => source.ReadAsync(buffer, cancellation))) > 0)
        {
            if (image.Length + read > MostOfOne)
                throw new FileException(
                    $"{file.Name} has more than {MostOfOne / 1_000_000} MB, which no image for a prediction needs: "
                        + "send it smaller."
                );
            image.Write(buffer, 0, read);
        }
        return image.ToArray();
    }
}
