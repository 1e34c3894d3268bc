using ComodCluster.Api;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Contracts;

/// <summary>A refusal that a caller can act on: becomes an RFC 9457 problem with this status and code.</summary>
[GenerateSerializer, Alias("comod.ComodException")]
public sealed class ComodException : Exception
{
    public ComodException(string code, int status, string message, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Status = status;
    }

    /// <summary>
    /// Stable, lower-case, hyphenated: see <see cref="ErrorCodes"/>; the engine adds codes of its own
    /// (<c>image-unreadable</c>, ...).
    /// </summary>
    [Id(0)]
    public string Code { get; private set; }

    /// <summary>HTTP status, 400 to 599.</summary>
    [Id(1)]
    public int Status { get; private set; }

    /// <summary>All images of a prediction that cannot be used, where they are the cause; null elsewhere.</summary>
    [Id(2)]
    public IReadOnlyList<ImageRefusal>? Images { get; init; }

    /// <param name="kind">As in its address: <c>task</c>, <c>dataset</c>, ...</param>
    public static ComodException NotFound(string kind, string name) =>
        new(
            ErrorCodes.NotFound,
            404,
            $"There is no {(kind == "dataset" ? "data set" : kind)} named '{name}'; list what there is with GET "
                + $"/v1/{kind}s."
        );

    public static ComodException Conflict(string code, string message) => new(code, 409, message);

    public static ComodException Invalid(string code, string message) => new(code, 422, message);
}
