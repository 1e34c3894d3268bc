using ComodCluster.Client;

namespace ComodCluster.Cli.Silos;

/// <summary>
/// The silo that a command talks to: one at an address, one that already holds the data directory, or a child process.
/// </summary>
internal sealed class SiloConnection : IAsyncDisposable
{
    private readonly SiloProcess? _child;

    private SiloConnection(Uri address, SiloProcess? child)
    {
        _child = child;
        Client = ComodClient.Connect(address);
    }

    public ComodClient Client { get; }

    /// <summary>The silo was started for the command; what runs there goes on with the next one.</summary>
    public bool EndsWithTheCommand => _child is not null;

    public static SiloConnection To(Uri address) => new(address, null);

    /// <param name="starting">Called before a child is started.</param>
    public static async Task<SiloConnection> OnDirectory(
        SiloSettings settings,
        Action starting,
        CancellationToken cancellation
    )
    {
        if (await Running(settings.DataDirectory, cancellation) is { } running)
            return new(running, null);
        starting();
        try
        {
            var child = await SiloProcess.Start(settings, cancellation);
            return new(child.Url, child);
        }
        catch (SiloException)
        {
            // Another command may have started one on the same directory in the meantime.
            if (await Running(settings.DataDirectory, cancellation) is { } other)
                return new(other, null);
            throw;
        }
    }

    private static async Task<Uri?> Running(string directory, CancellationToken cancellation)
    {
        if (SiloFile.Read(directory) is not { } file)
            return null;
        using var client = ComodClient.Connect(file.Url);
        return await client.IsReady(cancellation) ? file.Url : null;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_child is not null)
            await _child.DisposeAsync();
    }
}
