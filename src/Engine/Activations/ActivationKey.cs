using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Activations;

/// <summary>
/// What decides the activations of a data set's images: digests cover the weights, the preprocessing and the images.
/// Tenants share nothing, so that no answer is faster because of what another tenant did.
/// </summary>
internal readonly record struct ActivationKey(
    string Tenant,
    string Backbone,
    ActivationPlace Place,
    string Precision,
    string Pack
)
{
    /// <summary>Raised when the same inputs give other bits: another layout, another convolution.</summary>
    private const int KernelVersion = 1;

    public static ActivationKey Of(Backbone backbone, ActivationPlace place, PackImage image) =>
        new(
            image.Tenant,
            backbone.Digest,
            place,
            $"{backbone.Precision}/{backbone.Device.type}",
            image.Pack.Manifest.Digest
        );

    /// <summary>Folder of a tenant: names of tenants are no file names.</summary>
    public static string FolderOf(string tenant) => Hash(tenant)[..16];

    /// <summary>SHA-256 of everything, [32].</summary>
    public byte[] Digest =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{KernelVersion}|{Tenant}|{Backbone}|{Place}|{Precision}|{Pack}"
                )
            )
        );

    /// <summary>
    /// Below the folder of all prefix files; holds the backbone and the pack, so that either can be forgotten.
    /// </summary>
    public string Path =>
        System.IO.Path.Combine(
            FolderOf(Tenant),
            $"{Backbone[..16]}-{Hash(Pack)[..16]}-{Convert.ToHexStringLower(Digest)[..16]}{ActivationFile.Extension}"
        );

    public static string PatternOfBackbone(string digest) => $"{digest[..16]}-*{ActivationFile.Extension}";

    public static string PatternOfPack(string digest) => $"*-{Hash(digest)[..16]}-*{ActivationFile.Extension}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
