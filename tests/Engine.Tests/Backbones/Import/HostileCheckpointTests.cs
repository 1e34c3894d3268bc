using ComodCluster.Engine.Backbones.Pickles;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Backbones.Import;

/// <summary>Each ends in one sentence, without a thing executed and without memory that the file does not pay
/// for.</summary>
public class HostileCheckpointTests
{
    private static readonly byte[][] s_none = [];

    /// <summary>A pickle, and what the sentence says.</summary>
    private static readonly Dictionary<string, (Action<PickleBytes> Pickle, string Says)> s_pickles = new()
    {
        ["a function"] = (p => p.Global("posix", "system").Text("id").Op(0x85, 'R'), "names 'posix.system'"),
        ["a function by its name on the stack"] = (
            p => p.Text("builtins").Text("eval").Op(0x93),
            "names 'builtins.eval'"
        ),
        ["a function of torch"] = (p => p.Global("torch.hub", "load"), "names 'torch.hub.load'"),
        ["a name with a control character"] = (p => p.Global("a\x1b[31m", "b'c"), "names 'a?[31m.b?c'"),
        ["a long name"] = (p => p.Global(new('m', 200), "n"), "mmm...'"),
        ["a longer name"] = (p => p.Global(new('m', 300), "n"), "is damaged"),
        ["an object of a class"] = (p => p.Op('(').Op('i').Raw("os\nsystem\n"u8), "instruction 0x69"),
        ["a new object"] = (p => p.Global("collections", "OrderedDict").Op(')', 0x81), "instruction 0x81"),
        ["an extension"] = (p => p.Op(0x82, 1), "instruction 0x82"),
        ["a storage called as a function"] = (p => p.Global("torch", "FloatStorage").Op(')', 'R'), "calls torch.Float"),
        ["a tensor called with texts"] = (
            p => p.Global("torch._utils", "_rebuild_tensor_v2").Text("a").Op(0x85, 'R'),
            "calls torch._utils._rebuild_tensor_v2 in another way"
        ),
        ["a later protocol"] = (p => p.Op(0x80, 6), "protocol 6"),
        ["an empty stack"] = (p => p.Op('0'), "is damaged"),
        ["no mark"] = (p => p.Op('t'), "is damaged"),
        ["a mark below"] = (p => p.Op('N', '(', '0'), "is damaged"),
        ["a memo that nobody wrote"] = (p => p.Op('j').Word(7), "is damaged"),
        ["an item for no list"] = (p => p.Op('N', 'N', 'a'), "is damaged"),
        ["a key without a value"] = (p => p.Op('}', '(').Text("a").Op('u'), "is damaged"),
        ["marks in marks"] = (p => p.Op([.. Enumerable.Repeat((int)'(', 300)]), "nested more than 256 deep"),
        ["very many parts"] = (p => p.Raw([.. Enumerable.Repeat((byte)'N', 1_100_000)]), "more than 1,000,000 parts"),
        ["a very long text"] = (p => p.Op('X').Word(uint.MaxValue), "a text of more than 65,536 bytes"),
        ["a text beyond the end"] = (p => p.Op('X').Word(60_000), "is truncated"),
        ["no dictionary"] = (p => p.Op(']'), "holds no dictionary of weights"),
        ["a list in itself"] = (p => p.Op(']', 'q', 0, 'h', 0, 'a'), "holds no dictionary of weights"),
        ["an empty dictionary"] = (p => p.Op('}'), "holds no dictionary of weights"),
        ["a storage without numbers"] = (Named(p => p.Tensor("1", [2])), "the numbers of a tensor are missing"),
        ["a storage of another length"] = (Named(p => p.Tensor("0", [2])), "promises 2 numbers in 16 bytes"),
        ["a storage of negative length"] = (Named(p => p.Tensor("0", [0], -1)), "names a storage in another way"),
        ["a storage of no type"] = (Named(p => p.Tensor("0", [4], type: "QInt8Storage")), "names 'torch.QInt8Storage'"),
        ["a tensor beyond its storage"] = (Named(p => p.Tensor("0", [5], 4)), "ends at 5 of 4 numbers"),
        ["an offset beyond its storage"] = (Named(p => p.Tensor("0", [2], 4, offset: 3)), "ends at 5 of 4 numbers"),
        ["strides beyond its storage"] = (
            Named(p => p.Tensor("0", [2, 2], 4, strides: [3, 1])),
            "ends at 5 of 4 numbers"
        ),
        ["a negative stride"] = (Named(p => p.Tensor("0", [2, 2], 4, 3, [-2, 1])), "negative dimension"),
        ["a negative dimension"] = (Named(p => p.Tensor("0", [-2, -2], 4)), "negative dimension"),
        ["a product beyond 64 bits"] = (
            Named(p => p.Tensor("0", [1L << 40, 1L << 40], 4, strides: [0, 0])),
            "larger than any memory"
        ),
        ["one number as very many"] = (Named(p => p.Tensor("0", [1L << 31], 4, strides: [0])), "ends at 1 of 4"),
        ["fewer strides than dimensions"] = (Named(p => p.Tensor("0", [2, 2], 4, strides: [1])), "2 dimensions and 1"),
        ["very many dimensions"] = (Named(p => p.Tensor("0", new long[9], 4)), "9 dimensions"),
    };

    public static TheoryData<string> Pickles => [.. s_pickles.Keys];

    [Theory, MemberData(nameof(Pickles))]
    public void Open_Pickle_IsRefused(string kind)
    {
        var pickle = PickleBytes.Of(s_pickles[kind].Pickle);
        Assert.Contains(s_pickles[kind].Says, ImportedFile.Refusal(TorchFiles.Zip(pickle, [new byte[16]])));
    }

    /// <summary>Texts that end nowhere: each is short, all together are not.</summary>
    [Fact]
    public void Open_VeryManyBytesOfTexts_IsRefused()
    {
        byte[] text = [(byte)'X', 0, 0, 1, 0, .. new byte[1 << 16]];
        var pickle = new byte[(65 << 20) / text.Length * text.Length];
        for (var at = 0; at < pickle.Length; at += text.Length)
            text.CopyTo(pickle, at);
        Assert.Contains(
            "more than 67,108,864 bytes beside its numbers",
            Assert.Throws<InputException>(() => new PickleReader(pickle, 0, _ => null!).Read()).Message
        );
    }

    [Fact]
    public void Open_PickleOfNothingElse_IsRefused()
    {
        Assert.Contains("another pickle than torch.save writes", ImportedFile.Refusal(PickleBytes.Of(p => p.Op('N'))));
        Assert.Contains("big-endian", ImportedFile.Refusal(TorchFiles.Stream(Empty, s_none, littleEndian: false)));
        Assert.Contains(
            "lists a storage that no tensor has",
            ImportedFile.Refusal(
                TorchFiles.Stream(
                    Empty,
                    [
                        [],
                    ]
                )
            )
        );
        var one = PickleBytes.Of(Named(p => p.Tensor("0", [4])));
        Assert.Contains("numbers of a tensor are missing", ImportedFile.Refusal(TorchFiles.Stream(one, s_none)));
        Assert.Contains("4 numbers and announces 2", ImportedFile.Refusal(TorchFiles.Stream(one, [new byte[8]])));
    }

    [Fact]
    public void Open_ZipOfSomethingElse_IsRefused()
    {
        Assert.Contains("big-endian", Zip(("net/byteorder", "big"u8.ToArray())));
        Assert.Contains("TorchScript", Zip(("net/constants.pkl", Empty)));
        Assert.Contains("two parts have one name", Zip(("net/data/0", []), ("net/data/0", [])));
        var flat = TorchFiles.Zip(Empty, s_none);
        var at = flat.AsSpan().LastIndexOf("PK\x01\x02"u8);
        flat[at + 10] = 8;
        Assert.Contains("data.pkl is compressed or lies beyond its end", ImportedFile.Refusal(flat));
        (flat[at + 10], flat[at + 45]) = (0, 0x7f);
        Assert.Contains("data.pkl is compressed or lies beyond its end", ImportedFile.Refusal(flat));
        Assert.Contains("the directory at its end is missing", ImportedFile.Refusal(flat[..^30]));

        static string Zip(params (string, byte[])[] others) =>
            ImportedFile.Refusal(TorchFiles.Zip(Empty, s_none, others));
    }

    [Fact]
    public void Open_AnyByteCutOrChanged_IsReadOrRefused()
    {
        var pickle = PickleBytes.Of(p => PickleBytes.StateDict(p, [("conv1.weight", [1, 3, 3, 3]), ("bn1.bias", [1])]));
        byte[][] storages = [new byte[4 * 27], new byte[4]];
        foreach (var file in new[] { TorchFiles.Zip(pickle, storages), TorchFiles.Stream(pickle, storages) })
            for (var i = 0; i < file.Length; i += 3)
            {
                Assert.Throws<InputException>(() => ImportedFile.Of(file[..i]));
                byte[] changed = [.. file];
                changed[i] ^= (byte)(1 << i % 8);
                Assert.Throws<InputException>(() => ImportedFile.Of(changed));
            }
    }

    private static byte[] Empty { get; } = PickleBytes.Of(p => p.Op('}'));

    private static Action<PickleBytes> Named(Action<PickleBytes> tensor) =>
        p =>
        {
            p.Op('}').Text("conv1.weight");
            tensor(p);
            p.Op('s');
        };
}
