namespace ComodCluster.Client;

public sealed record ComodClientOptions
{
    /// <summary>How often a request is sent again after 429 or 503 [8].</summary>
    public int Retries { get; init; } = 8;

    /// <summary>Longest wait before a request is sent again, whatever Retry-After says [30 s].</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a broken event stream is taken up again before the watcher gives up [60 s].</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
