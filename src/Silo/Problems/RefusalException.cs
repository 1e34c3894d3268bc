using ComodCluster.Api;

namespace ComodCluster.Silo.Problems;

/// <summary>The gateway refuses a request, for a reason of its own.</summary>
public sealed class RefusalException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;

    /// <summary>busy (429).</summary>
    /// <param name="why">One sentence: cause and fix.</param>
    public static RefusalException Busy(string why, TimeSpan retryAfter) =>
        new(new(ErrorCodes.Busy, StatusCodes.Status429TooManyRequests, why, retryAfter));
}
