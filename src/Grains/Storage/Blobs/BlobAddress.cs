using System.Buffers;
using ComodCluster.Api;
using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A blob's place.</summary>
public readonly record struct BlobAddress(TenantName Tenant, string Digest)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public bool IsValid =>
        ObjectNames.IsValid(Tenant.Value) && Digest.Length == 64 && !Digest.AsSpan().ContainsAnyExcept(HexDigits);
}
