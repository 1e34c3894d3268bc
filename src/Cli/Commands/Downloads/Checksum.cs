using System.Security.Cryptography;

namespace ComodCluster.Cli.Commands.Downloads;

/// <summary>What a publisher says of a file. It finds damage on the way, so MD5 will do.</summary>
/// <param name="Name">As people write the algorithm.</param>
/// <param name="Hex">Lower-case hexadecimal.</param>
internal sealed record Checksum(string Name, HashAlgorithmName Algorithm, string Hex)
{
    public static Checksum Md5(string hex) => new("MD5", HashAlgorithmName.MD5, hex);

    public static Checksum Sha256(string hex) => new("SHA-256", HashAlgorithmName.SHA256, hex);
}
