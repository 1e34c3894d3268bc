namespace ComodCluster.Silo.Api.Datasets;

/// <summary>Content type of an encoded image by its first bytes.</summary>
public static class ImageType
{
    public static string Of(ReadOnlySpan<byte> image) =>
        image switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
                "image/webp",
            [(byte)'B', (byte)'M', ..] => "image/bmp",
            _ => "application/octet-stream",
        };
}
