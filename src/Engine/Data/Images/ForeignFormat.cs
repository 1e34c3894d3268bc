namespace ComodCluster.Engine.Data.Images;

/// <summary>Kinds of files that are sent as images and are not read, by their first bytes.</summary>
internal static class ForeignFormat
{
    /// <summary>The kind, with its article; null for an unknown one and for an empty file.</summary>
    public static string? NameOf(ReadOnlySpan<byte> file) =>
        file switch
        {
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF",
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF",
            [(byte)'I', (byte)'I', 43, 0, ..] or [(byte)'M', (byte)'M', 0, 43, ..] => "a TIFF",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', _, _, _, _, ..] => Brand(file[8..12]),
            [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "a JPEG XL",
            [0, 0, 0, 12, (byte)'j', (byte)'P', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => "a JPEG 2000",
            [0, 0, 1, 0, ..] => "an icon",
            [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "a Photoshop file",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive",
            [0x1F, 0x8B, ..] => "a gzip archive",
            [(byte)'<', ..] => "a text such as SVG or HTML",
            _ => null,
        };

    /// <summary>Main brands of ISO base media files (ISO/IEC 23008-12, AV1 Image File Format).</summary>
    private static string? Brand(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8) ? "an AVIF"
        : brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) ? "a HEIC"
        : brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) ? "a HEIF"
        : "a video";
}
