using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Tests.Data;

public class PreprocessingTests
{
    private static readonly RgbImage Photo = new(Golden.Width, Golden.Height, Golden.Bytes("photo.rgb"));
    private static readonly Preprocessing ImageNet = Preprocessing.ImageNet;

    [Theory]
    [InlineData(16, 16)]
    [InlineData(100, 31)]
    [InlineData(7, 90)]
    [InlineData(61, 20)]
    public void Resize_AnySize_EqualsPilBitForBit(int width, int height)
    {
        var resized = ImageResize.Resize(Photo, width, height);

        Assert.Equal(Golden.Bytes($"resize-{width}x{height}.rgb"), resized.Rgb);
    }

    [Fact]
    public void Resize_ToItsOwnSize_ReturnsTheSame() =>
        Assert.Same(Photo, ImageResize.Resize(Photo, Photo.Width, Photo.Height));

    [Theory]
    [InlineData("24-16", 24, 16, 16, 16)]
    [InlineData("24-24", 24, 24, 24, 24)]
    [InlineData("20-32", 20, 32, 32, 32)] // padded
    [InlineData("33", 33, null, 42, 33)]
    [InlineData("crop21", null, 21, 21, 21)]
    public void Apply_ResizeAndCrop_MatchesTorchvision(string golden, int? resize, int? crop, int width, int height)
    {
        var preprocessing = ImageNet with { ResizeShortSide = resize, CentreCrop = crop };
        Assert.Equal((width, height), preprocessing.OutputSize(Photo.Width, Photo.Height));
        var chw = new float[3 * width * height];

        preprocessing.Apply(Photo, chw);

        var expected = Golden.Floats($"preprocess-{golden}.f32");
        Assert.Equal(expected.Length, chw.Length);
        for (var i = 0; i < chw.Length; i++)
            Assert.Equal(expected[i], chw[i], 1e-5f);
    }

    [Fact]
    public void Apply_WrongRoom_Throws() => Assert.Throws<ArgumentException>(() => ImageNet.Apply(Photo, new float[7]));

    [Fact]
    public void Apply_LongThinPicture_IsRefusedBeforeAllocating()
    {
        var thin = RgbImage.Black(1, 1_000_000);

        var e = Assert.Throws<InputException>(() => ImageNet.Apply(thin, new float[3 * 224 * 224]));

        Assert.Equal("image-too-large", e.Code);
    }

    [Theory]
    [InlineData(7, 224, 1f)]
    [InlineData(256, 513, 1f)]
    [InlineData(256, 224, 0f)]
    [InlineData(256, 224, float.NaN)]
    public void Validated_OutOfRange_IsRefused(int resize, int crop, float std)
    {
        var e = Assert.Throws<InputException>(() =>
            new Preprocessing(resize, crop, new(0, 0, 0), new(1, std, 1)).Validated()
        );

        Assert.Equal("preprocessing-invalid", e.Code);
    }

    [Fact]
    public void Equality_SameSettings_IsByValue() =>
        Assert.Equal(
            Preprocessing.SmallNet(48),
            new Preprocessing(48, 48, new(120f / 255, 120f / 255, 120f / 255), new(64f / 255, 64f / 255, 64f / 255))
        );

    [Fact]
    public void SmallNet_OfABlackPixel_IsThatOfThePrototype()
    {
        var chw = new float[3 * 8 * 8];

        Preprocessing.SmallNet(8).Apply(RgbImage.Black(8, 8), chw);

        Assert.All(chw, v => Assert.Equal(-120f / 64f, v, 1e-5f));
    }
}
