using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Tests.Data;

public class ImageDecoderTests
{
    // Lossy formats and colour conversions may round differently between decoder libraries; stored samples may not.
    [Theory]
    [InlineData("photo.png", "photo.rgb", 0)]
    [InlineData("photo.bmp", "photo.rgb", 0)]
    [InlineData("photo.jpg", "photo.jpg.rgb", 3)]
    [InlineData("photo.webp", "photo.webp.rgb", 3)]
    [InlineData("grey.png", "grey.png.rgb", 0)]
    [InlineData("grey.jpg", "grey.jpg.rgb", 2)]
    [InlineData("alpha.png", "alpha.png.rgb", 0)]
    [InlineData("palette.png", "palette.png.rgb", 0)]
    [InlineData("cmyk.jpg", "cmyk.jpg.rgb", 3)]
    [InlineData("rgb16.png", "photo.rgb", 0)]
    [InlineData("grey16.png", null, 0)]
    public void Decode_FormatsAndModes_MatchPil(string name, string? golden, int tolerance)
    {
        var image = ImageDecoder.Decode(Golden.Bytes(name), ImageLimits.Default);

        Assert.Equal((Golden.Width, Golden.Height), (image.Width, image.Height));
        // A 16-bit grey PNG holds the photo's red channel; PIL clips such files to white, this decoder scales them.
        var expected = golden is null ? RedAsGrey(Golden.Bytes("photo.rgb")) : Golden.Bytes(golden);
        Assert.InRange(Golden.MaxDifference(expected, image.Rgb), 0, tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_ExifOrientation_IsApplied(int orientation)
    {
        var file = Golden.Bytes($"exif{orientation}.jpg");

        var image = ImageDecoder.Decode(file, ImageLimits.Default);

        Assert.Equal(orientation <= 4 ? (24, 16) : (16, 24), (image.Width, image.Height));
        Assert.Equal((image.Width, image.Height), ImageDecoder.ReadSize(file, ImageLimits.Default));
        Assert.InRange(Golden.MaxDifference(Golden.Bytes($"exif{orientation}.jpg.rgb"), image.Rgb), 0, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_OrientationOfPng_IsThatOfJpeg(int orientation)
    {
        var stored = ImageDecoder.EncodePng(
            new RgbImage(3, 2, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 9))])
        );
        var pixels = ImageDecoder.Decode(stored, ImageLimits.Default);
        var rgba = new byte[24];
        for (var i = 0; i < 18; i++)
            rgba[i / 3 * 4 + i % 3] = pixels.Rgb[i];
        var upright = ((SkiaSharp.SKEncodedOrigin)orientation).Upright(rgba, 3, 2);

        foreach (var little in new[] { true, false })
        {
            var file = Pictures.WithOrientation(stored, (byte)orientation, little);
            var image = ImageDecoder.Decode(file, ImageLimits.Default);

            Assert.Equal((upright.Width, upright.Height), (image.Width, image.Height));
            Assert.Equal(upright.Rgb, image.Rgb);
            Assert.Equal((upright.Width, upright.Height), ImageDecoder.ReadSize(file, ImageLimits.Default));
        }
    }

    [Fact]
    public void Decode_PngWithDamagedExif_IsTheStoredPicture()
    {
        var stored = Pictures.Png(1);
        var file = Pictures.WithOrientation(stored, 6, little: true);
        var at = file.AsSpan().IndexOf("eXIf"u8) + 4;
        for (var i = at; i < at + 26; i++)
        {
            var broken = (byte[])file.Clone();
            broken[i] = 0xFF;
            Assert.Equal(8, ImageDecoder.Decode(broken, ImageLimits.Default).Width);
        }
    }

    [Theory]
    [InlineData("GIF89a.......", "a GIF")]
    [InlineData("II*\0........", "a TIFF")]
    [InlineData("MM\0*........", "a TIFF")]
    [InlineData("\0\0\0\u0018ftypheic....", "a HEIC")]
    [InlineData("\0\0\0\u0018ftypmif1....", "a HEIF")]
    [InlineData("\0\0\0\u0018ftypavif....", "an AVIF")]
    [InlineData("\0\0\0\u0018ftypisom....", "a video")]
    [InlineData("%PDF-1.4", "a PDF")]
    [InlineData("<svg>", "SVG")]
    [InlineData("PK\u0003\u0004....", "a zip")]
    public void Decode_OtherFormats_AreNamed(string start, string name)
    {
        var e = Assert.Throws<InputException>(() =>
            ImageDecoder.Decode(System.Text.Encoding.Latin1.GetBytes(start), ImageLimits.Default)
        );

        Assert.Equal("image-unreadable", e.Code);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Contains("convert it to PNG", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EncodePng_AnyPixels_DecodeToTheSame()
    {
        var pixels = new byte[48 * 31 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)CounterRandom.NextUInt64(1, 2, (ulong)i);
        var image = new RgbImage(48, 31, pixels);

        var png = ImageDecoder.EncodePng(image);

        Assert.Equal(pixels, ImageDecoder.Decode(png, ImageLimits.Default).Rgb);
        Assert.Equal(png, ImageDecoder.EncodePng(image));
    }

    [Theory]
    [InlineData("photo.png")]
    [InlineData("photo.bmp")]
    [InlineData("photo.jpg")]
    [InlineData("photo.webp")]
    public void Decode_Truncated_IsUnreadable(string name)
    {
        var file = Golden.Bytes(name);
        foreach (var length in new[] { 1, 20, file.Length / 2, file.Length - file.Length / 10 })
        {
            var e = Assert.Throws<InputException>(() =>
                ImageDecoder.Decode(file.AsMemory(0, length), ImageLimits.Default)
            );
            Assert.Equal("image-unreadable", e.Code);
        }
    }

    [Fact]
    public void Decode_NoImage_IsUnreadable()
    {
        foreach (
            var file in new[] { [], "hello"u8.ToArray(), new byte[5000], "GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray() }
        )
        {
            var e = Assert.Throws<InputException>(() => ImageDecoder.Decode(file, ImageLimits.Default));
            Assert.Equal("image-unreadable", e.Code);
        }
    }

    [Fact]
    public void Decode_FortyOneMegapixels_IsRefusedFromTheHeader()
    {
        var e = Assert.Throws<InputException>(() =>
            ImageDecoder.Decode(Pictures.PngThatClaims(41_000, 1_000), ImageLimits.Default)
        );

        Assert.Equal("image-too-large", e.Code);
        Assert.Contains("41000 x 1000", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_WithinThePixelLimitButEmpty_IsUnreadable()
    {
        var e = Assert.Throws<InputException>(() =>
            ImageDecoder.Decode(Pictures.PngThatClaims(2_000, 1_000), ImageLimits.Default)
        );

        Assert.Equal("image-unreadable", e.Code);
    }

    [Fact]
    public void Decode_TwentyOneMegabytes_IsRefused()
    {
        var file = new byte[21_000_000];
        Golden.Bytes("photo.png").CopyTo(file, 0);

        var e = Assert.Throws<InputException>(() => ImageDecoder.Decode(file, ImageLimits.Default));

        Assert.Equal("image-too-large", e.Code);
    }

    private static byte[] RedAsGrey(byte[] rgb)
    {
        var grey = new byte[rgb.Length];
        for (var i = 0; i < rgb.Length; i++)
            grey[i] = rgb[i - i % 3];
        return grey;
    }
}
