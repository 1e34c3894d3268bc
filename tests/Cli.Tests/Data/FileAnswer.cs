using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace ComodCluster.Cli.Tests.Data;

/// <summary>How a request is answered.</summary>
/// <param name="Content">The whole file.</param>
internal sealed record FileAnswer(byte[] Content)
{
    /// <summary>Null: none is sent. No time of a change is sent in any case.</summary>
    public string? Tag { get; init; } = "\"one\"";

    /// <summary>Whether Range is honoured.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>The connection is closed after as many bytes of the body.</summary>
    public int? BreaksAfter { get; init; }

    /// <summary>After <see cref="BreaksAfter"/> the connection stays open and nothing more comes.</summary>
    public bool Hangs { get; init; }

    public int? Status { get; init; }
}
