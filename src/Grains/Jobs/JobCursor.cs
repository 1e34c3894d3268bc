using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;

namespace ComodCluster.Grains.Jobs;

/// <summary>Where a page of jobs in the order of time ends.</summary>
/// <param name="Created">As the row has it.</param>
internal sealed record JobCursor(string Created, string Id)
{
    // No id begins so.
    private const char Mark = '~';

    public static JobCursor Of(JobRow row)
    {
        using var info = JsonDocument.Parse(row.Info);
        return new(info.RootElement.GetProperty(Member).GetString()!, row.Id);
    }

    /// <summary>Member of a row's info that jobs are ordered by: UTC, so that text sorts as time.</summary>
    public const string Member = "created";

    /// <summary>Null for the last id of a page, which earlier builds gave.</summary>
    /// <exception cref="ComodException">request-invalid (400).</exception>
    public static JobCursor? Parse(string token)
    {
        if (!token.StartsWith(Mark))
            return null;
        try
        {
            if (
                Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(1))).Split(Mark) is [var created, var id]
            )
                return new(created, id);
        }
        catch (FormatException)
        {
            // Said below.
        }
        throw new ComodException(
            ErrorCodes.RequestInvalid,
            400,
            $"after={token} is no place in the list of jobs; take the `next` of the page before."
        );
    }

    /// <summary>Safe in a URL.</summary>
    public override string ToString() =>
        Mark + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Created}{Mark}{Id}"));
}
