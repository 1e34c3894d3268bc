using ComodCluster.Api;
using ComodCluster.Contracts;

namespace ComodCluster.Silo.Api.Conventions;

/// <summary>Which page of a listing.</summary>
/// <param name="After">The <c>next</c> of the page before; null for the first page.</param>
/// <param name="Limit">Items at most, 1 to 1000.</param>
public sealed record Paging(string? After, int Limit)
{
    /// <exception cref="ComodException">request-invalid (400).</exception>
    public static Paging Of(string? after, int? limit)
    {
        if (after?.Any(char.IsControl) == true)
            throw new ComodException(
                ErrorCodes.RequestInvalid,
                400,
                "after has a control character; take the next of the page before."
            );
        return limit is null or (>= 1 and <= 1000)
            ? new Paging(string.IsNullOrEmpty(after) ? null : after, limit ?? 100)
            : throw new ComodException(
                ErrorCodes.RequestInvalid,
                400,
                $"limit={limit} cannot be used; take 1 to 1000."
            );
    }
}
