using System.Buffers.Binary;
using System.Text;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tests.Backbones;

public class SafeTensorsTests
{
    // representable in all three types
    private static readonly float[] Exact = [0f, -0f, 1f, -2.5f, 0.15625f, 65280f, -1f / 1024];

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.BFloat16)]
    public void WriteThenRead_RepresentableValues_AreEqual(ElementType type)
    {
        var values = type == ElementType.BFloat16 ? [.. Exact, float.PositiveInfinity, 3e38f - 3e38f] : Exact;

        var read = SafeTensors.Read(
            SafeTensors.Write(
                [SafeTensor.Of("a", [values.Length], values, type), SafeTensor.Of("b", [0, 3], [], type)],
                new Dictionary<string, string> { ["key"] = "vålue" }
            )
        );

        Assert.Equal("vålue", read.Metadata["key"]);
        Assert.Equal([values.Length], read.Tensors["a"].Shape);
        Assert.Equal(values, read.Tensors["a"].ToFloats());
        Assert.Empty(read.Tensors["b"].ToFloats());
    }

    [Fact]
    public void Of_BFloat16_RoundsToNearestEven()
    {
        float[] values =
        [
            1f + 1f / 256,
            1f + 3f / 256,
            1f + 1.01f / 256,
            float.NaN,
            BitConverter.UInt32BitsToSingle(0x7FFFFFFF),
        ];

        var rounded = SafeTensor.Of("a", [values.Length], values, ElementType.BFloat16).ToFloats();

        Assert.Equal([1f, 1f + 4f / 256, 1f + 2f / 256, float.NaN, float.NaN], rounded);
    }

    [Fact]
    public void Read_FromStream_EqualsReadFromMemory()
    {
        var file = File();
        Assert.Equal(SafeTensors.Read(file).Digest, SafeTensors.Read(new MemoryStream(file)).Digest);
        Assert.Equal(SafeTensors.DigestOf(file), SafeTensors.Read(file).Digest);
    }

    [Fact]
    public void Read_TruncatedAnywhere_SaysSo()
    {
        var file = File();
        for (var length = 0; length < file.Length; length++)
        {
            var e = Assert.Throws<InputException>(() => SafeTensors.Read(file.AsMemory(0, length)));
            Assert.Equal("weights-file", e.Code);
        }
        Assert.Contains(
            "truncated",
            Assert.Throws<InputException>(() => SafeTensors.Read(file.AsMemory(0, file.Length - 1))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "its shape needs 8")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
        "'b' overlaps"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "4 bytes at its end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "impossible")]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", "unknown element type")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "header")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "header")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""",
        "header"
    )]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"__metadata__":{"k":1}}""", "header")]
    [InlineData("""[1,2,3]""", "JSON object")]
    [InlineData("""{"a":""", "header")]
    public void Read_WrongHeader_SaysWhat(string header, string expected)
    {
        var e = Assert.Throws<InputException>(() => SafeTensors.Read(WithHeader(header, 8)));

        Assert.Equal("weights-file", e.Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    public void Read_HeaderLengthOutOfBounds_SaysSo(ulong length)
    {
        var file = File();
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        Assert.Contains(
            "header of",
            Assert.Throws<InputException>(() => SafeTensors.Read(file)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>What people have in the place of a safetensors file.</summary>
    [Theory]
    [InlineData("80028a0a6cfc9c46f9206aa85019", "a PyTorch checkpoint")]
    [InlineData("80049501000000000000004b002e", "a PyTorch checkpoint")]
    [InlineData(
        "504b0304000008080000000000000000000000000000000000001000000061726368697665" + "2f646174612e706b6c",
        "a PyTorch checkpoint"
    )]
    [InlineData(
        "504b03041400000000000000210000000000000000000000000007000000" + "615f622e6e7079",
        "a NumPy archive (.npz)"
    )]
    [InlineData("504b03041400000000000000210000000000000000000000000005000000" + "612e747874", "a zip")]
    [InlineData("894844460d0a1a0a00000000", "an HDF5 file")]
    [InlineData("47475546030000000000", "a GGUF file")]
    [InlineData("934e554d505901007600", "a NumPy array")]
    [InlineData("0807120770" + "79746f7263681a05", "an ONNX model")]
    [InlineData("1f8b0808000000000003", "compressed with gzip")]
    [InlineData("1f8b0800000000000003cb", "compressed with gzip")]
    [InlineData("28b52ffd2400010000", "compressed with zstd")]
    [InlineData("76657273696f6e2068747470733a2f2f6769742d6c66732e6769746875622e636f6d", "a pointer of Git LFS")]
    [InlineData("3c21444f43545950452068746d6c3e", "a web page")]
    [InlineData("7b226d65746164617461223a7b7d7d", "JSON text")]
    public void Read_FileOfAnotherFormat_NamesItAndSaysHowToConvert(string hexadecimal, string expected)
    {
        var e = Assert.Throws<InputException>(() => SafeTensors.Read(Convert.FromHexString(hexadecimal)));

        Assert.Equal("weights-file", e.Code);
        Assert.StartsWith($"The file is no safetensors file but {expected}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToFloats_Integers_AreRefused()
    {
        var read = SafeTensors.Read(WithHeader("""{"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""", 8));

        Assert.Equal("weights-type", Assert.Throws<InputException>(() => read.Tensors["n"].ToFloats()).Code);
    }

    private static byte[] File() =>
        SafeTensors.Write([
            SafeTensor.Of("a", [2, 2], [1, 2, 3, 4]),
            SafeTensor.Of("b", [1], [5], ElementType.Float16),
        ]);

    private static byte[] WithHeader(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. new byte[dataBytes]];
    }
}
