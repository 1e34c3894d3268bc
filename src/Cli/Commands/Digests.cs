using System.Security.Cryptography;
using System.Text;

namespace ComodCluster.Cli.Commands;

/// <summary>SHA-256 in lower-case hexadecimal.</summary>
internal static class Digests
{
    public static async Task<string> OfFile(FileInfo file, CancellationToken cancellation)
    {
        await using var stream = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <summary>Digest of texts that follow each other.</summary>
    public static string Of(params IEnumerable<object?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
