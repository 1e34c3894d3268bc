namespace ComodCluster.Api.Tasks;

/// <summary>One candidate on the held-out images; all but the method null where it diverged.</summary>
[GenerateSerializer, Alias("comod.MethodScore")]
public sealed record MethodScore
{
    [Id(0)]
    public required Method Method { get; init; }

    /// <summary>Mean negative log-likelihood, nats: what the choice goes by.</summary>
    [Id(1)]
    public double? Nll { get; init; }

    /// <summary>0 to 1.</summary>
    [Id(2)]
    public double? Accuracy { get; init; }

    /// <summary>
    /// Its negative log-likelihood less that of the chosen method, mean over the images; 0 for the chosen one.
    /// </summary>
    [Id(3)]
    public double? Difference { get; init; }

    /// <summary>Standard error of the difference.</summary>
    [Id(4)]
    public double? StandardError { get; init; }
}
