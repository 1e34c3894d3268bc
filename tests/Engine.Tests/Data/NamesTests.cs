using System.Diagnostics;
using System.Text;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Every entrance of names and labels: no bytes are lost, and no two become one.</summary>
public sealed class NamesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Two names in each encoding, which lose their difference where somebody takes them for UTF-8.</summary>
    public static TheoryData<string, string, string> Encoded { get; } =
        new()
        {
            { "cp437", "käfer", "köfer" },
            { "cp850", "käfer", "køfer" },
            { "cp852", "čáp", "žáb" },
            { "cp866", "кот", "пёс" },
            { "latin1", "café", "cafè" },
            { "windows-1250", "čáp", "žáb" },
            { "windows-1251", "кот", "пёс" },
            { "windows-1252", "käfer", "köfer" },
            { "windows-1253", "γάτα", "γάτο" },
            { "windows-1254", "kuş", "kuğ" },
            { "windows-1255", "חתול", "כלב" },
            { "windows-1256", "قطة", "كلب" },
            { "windows-1257", "kaķis", "kaļis" },
            { "windows-1258", "đa", "đâ" },
            { "koi8-r", "кот", "пёс" },
            { "shift_jis", "表ソ", "十ソ" },
            { "euc-jp", "犬", "猫" },
            { "gbk", "狗", "猫" },
            { "gb18030", "狗", "猫" },
            { "big5", "狗功", "貓功" },
            { "euc-kr", "개", "고양이" },
        };

    [Theory, MemberData(nameof(Encoded))]
    public void Zip_NamesInAnyEncoding_AreRefusedOrAsStated(string name, string first, string second)
    {
        var encoding = TextEncodings.Find(name);

        Refused(RawZip.OfClasses(encoding, first, second, "maus"), "is not UTF-8");
        Assert.Equal(
            Sorted(first, second, "maus"),
            Import(RawZip.OfClasses(encoding, first, second, "maus"), name).Manifest.Names
        );
    }

    [Fact]
    public void Encoded_HasEveryEncoding() =>
        Assert.Equal(TextEncodings.Names.Order(), Encoded.Select(row => row.Data.Item1).Order());

    [Fact]
    public void Zip_NamesInNoStatedEncoding_AreShownAsTheyMayBeMeant() =>
        Refused(RawZip.OfClasses(TextEncodings.Find("cp437"), "käfer", "köfer"), "'käfer/0.png' in cp437");

    [Fact]
    public void Zip_Utf8WithoutItsFlag_IsRead() =>
        Assert.Equal(
            Sorted("käfer", "köfer"),
            Import(RawZip.OfClasses(Encoding.UTF8, "käfer", "köfer")).Manifest.Names
        );

    [Fact]
    public void Zip_FlagOfUtf8OnOtherBytes_IsRefused() =>
        Refused(
            RawZip.Of(new RawZip.Entry([0x6B, 0x84, 0x2F, 0x61], Pictures.Png(1), Flags: 0x800)),
            "is said to be UTF-8"
        );

    [Fact]
    public void Zip_UnicodePath_IsTheNameIfItBelongsToIt()
    {
        RawZip.Entry[] entries =
        [
            .. new[] { "käfer", "köfer" }.SelectMany(
                (c, k) =>
                    Enumerable
                        .Range(0, 3)
                        .Select(i =>
                        {
                            var name = TextEncodings.Find("cp437").GetBytes($"{c}/{i}.png");
                            return new RawZip.Entry(
                                name,
                                Pictures.Png(k * 10 + i),
                                Extra: RawZip.UnicodePath(name, $"{c}/{i}.png")
                            );
                        })
            ),
        ];

        Assert.Equal(Sorted("käfer", "köfer"), Import(RawZip.Of(entries)).Manifest.Names);
        Refused(RawZip.Of([.. entries.Select(e => e with { Name = [.. e.Name, (byte)'x'] })]), "is not UTF-8");
    }

    [Fact]
    public void Zip_EncodingThatDoesNotFit_IsRefused() =>
        Refused(RawZip.OfClasses(TextEncodings.Find("latin1"), "café", "cafè"), "is not euc-jp", "euc-jp");

    [Fact]
    public void Import_UnknownEncoding_NamesTheKnown() =>
        Refused(RawZip.OfClasses(Encoding.ASCII, "a", "b"), "choose one of cp437", "utf-7");

    [Theory]
    [InlineData("ustar")]
    [InlineData("gnu")]
    [InlineData("pax")]
    [InlineData("pax-binary")]
    public void Tar_NamesInAnotherEncoding_AreRefusedOrAsStated(string form)
    {
        var encoding = TextEncodings.Find("gbk");
        Refused(Tar(form, encoding), form == "pax" ? "is said to be UTF-8" : "is not UTF-8");
        if (form == "pax")
            Refused(Tar(form, encoding), "is said to be UTF-8", "gbk");
        else
            Assert.Equal(Sorted("狗", "猫"), Import(Tar(form, encoding), "gbk").Manifest.Names);
        Assert.Equal(Sorted("狗", "猫"), Import(Tar(form, Encoding.UTF8)).Manifest.Names);
    }

    [Fact]
    public void Tar_RecordsWithoutEnd_AreRefusedBeforeTheyAreRead()
    {
        foreach (var kind in "xgLK")
        {
            using var tar = new MemoryStream(RawTar.Header("long"u8.ToArray(), 8L << 30, kind));
            var e = Assert.Throws<InputException>(() => Import(tar));
            Assert.Equal("archive-unreadable", e.Code);
        }
    }

    [Fact]
    public void Import_DecomposedAndComposedNames_AreOneClassAndSaidToBe()
    {
        var imported = Import(RawZip.OfClasses(Encoding.UTF8, "ka\u0308fer", "\u1112\u1161\u11AB", "maus"));

        Assert.Equal(Sorted("käfer", "한", "maus"), imported.Manifest.Names);
        Assert.Contains(imported.Report.Notes, n => n.Contains("decomposed", StringComparison.Ordinal));
        var both = RawZip.Of(
            new RawZip.Entry("ka\u0308fer/1.png"u8.ToArray(), Pictures.Png(1)),
            new RawZip.Entry("käfer/2.png"u8.ToArray(), Pictures.Png(2)),
            new RawZip.Entry("maus/1.png"u8.ToArray(), Pictures.Png(3)),
            new RawZip.Entry("maus/2.png"u8.ToArray(), Pictures.Png(4))
        );
        Assert.Equal(["käfer", "maus"], Import(both).Manifest.Names);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u0007b")]
    [InlineData("a\u0085b")]
    public void Zip_ControlCharacterInAName_IsRefused(string name)
    {
        var e = Assert.Throws<InputException>(() => Import(RawZip.OfClasses(Encoding.UTF8, name, "b")));
        Assert.Equal("archive-path", e.Code);
    }

    [Fact]
    public void Zip_NameWithCharactersThatAreLost_IsRefused() =>
        Refused(RawZip.OfClasses(Encoding.UTF8, "k\uFFFDfer", "maus"), "lost");

    [Fact]
    public async Task Folder_NameThatIsNotUtf8_IsRefused()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows keeps names in UTF-16.");
        File.WriteAllBytes(_folder.File("set/a/1.png"), Pictures.Png(1));
        var other = $"\"{_folder.File("set")}/$(printf 'k\\204fer')\"";
        await Run($"mkdir {other}");

        var e = Assert.Throws<InputException>(() =>
            DatasetImport.FromFolder(
                _folder.File("set"),
                _folder.File("pack"),
                new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("text-encoding", e.Code);
        await Run($"rmdir {other}");

        static async Task Run(string command)
        {
            using var shell = Process.Start("bash", ["-c", command]);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Folder_DecomposedNames_AreComposed()
    {
        foreach (var name in new[] { "ka\u0308fer", "maus" })
            for (var i = 0; i < 3; i++)
                File.WriteAllBytes(_folder.File($"set/{name}/{i}.png"), Pictures.Png(i));

        var imported = DatasetImport.FromFolder(
            _folder.File("set"),
            _folder.File("pack"),
            new(),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(["käfer", "maus"], imported.Manifest.Names);
    }

    /// <summary>Text files of every kind, each with a name that its encoding matters for.</summary>
    [Theory]
    [InlineData("superclasses.tsv")]
    [InlineData("batches.meta.txt")]
    [InlineData("list_attr_celeba.txt")]
    [InlineData("list_attr_celeba.csv")]
    [InlineData("list_eval_partition.txt")]
    public void LabelFile_InAnyEncoding_IsReadOrRefused(string file)
    {
        string[] expected = Texts(Import(Source(file, text => Encoding.UTF8.GetBytes(text))));
        Encoding[] marked = [new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)];
        foreach (var encoding in marked)
            Assert.Equal(
                expected,
                Texts(Import(Source(file, text => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)])))
            );
        Assert.Equal(
            expected,
            Texts(Import(Source(file, text => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")))))
        );
        var latin1 = Source(file, text => Encoding.Latin1.GetBytes(text));
        Refused(latin1, "is not UTF-8");
        Assert.Equal(expected, Texts(Import(latin1, "latin1")));
        var e = Assert.Throws<InputException>(() =>
            Import(Source(file, text => Encoding.UTF8.GetBytes(text.Replace("ä", "\0", StringComparison.Ordinal))))
        );
        Assert.Contains("no text", e.Message, StringComparison.Ordinal);
        Refused(Source(file, text => [0xFF, 0xFE, .. Encoding.UTF8.GetBytes(text + "x"), 0x00, 0xDC]));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Texts(ImportedDataset imported) =>
        [.. imported.Manifest.Names, .. imported.Manifest.Superclasses ?? []];

    private static Stream Source(string file, Func<string, byte[]> encode)
    {
        (string Name, string Text)[] texts = file switch
        {
            "superclasses.tsv" => [(file, "a\tkäfer\nb\tmäuse\n")],
            "batches.meta.txt" => [(file, "käfer\nmäuse\n")],
            "list_attr_celeba.csv" =>
            [
                (file, "image_id,käfer\n1.jpg,1\n2.jpg,-1\n3.jpg,1\n"),
                ("list_eval_partition.csv", "image_id,partition\n1.jpg,0\n2.jpg,0\n3.jpg,2\n"),
            ],
            _ =>
            [
                ("list_attr_celeba.txt", "3\nkäfer\n1ä.jpg 1\n2.jpg -1\n3.jpg 1\n"),
                ("list_eval_partition.txt", "1ä.jpg 0\n2.jpg 0\n3.jpg 2\n"),
            ],
        };
        (string Name, byte[] Content)[] others = file switch
        {
            "superclasses.tsv" =>
            [
                .. new[] { "a", "b" }.SelectMany(c =>
                    Enumerable.Range(0, 3).Select(i => ($"{c}/{i}.png", Pictures.Png(i)))
                ),
            ],
            "batches.meta.txt" => [("data_batch_1.bin", Records()), ("test_batch.bin", Records())],
            "list_attr_celeba.csv" =>
            [
                ("1.jpg", Pictures.Png(1)),
                ("2.jpg", Pictures.Png(2)),
                ("3.jpg", Pictures.Png(3)),
            ],
            _ => [("1ä.jpg", Pictures.Png(1)), ("2.jpg", Pictures.Png(2)), ("3.jpg", Pictures.Png(3))],
        };
        return new ZipFile([.. others, .. texts.Select(t => (t.Name, encode(t.Text)))]).Open();
    }

    private static byte[] Records() =>
        [.. Enumerable.Range(0, 4).SelectMany(i => new byte[3073].Select((_, b) => b == 0 ? (byte)(i % 2) : (byte)b))];

    private static Stream Tar(string form, Encoding encoding)
    {
        var tar = new MemoryStream();
        foreach (var name in new[] { "狗", "猫" })
            for (var i = 0; i < 3; i++)
            {
                var path = encoding.GetBytes($"{name}/{i}.png");
                tar.Write(
                    form switch
                    {
                        "ustar" => RawTar.Ustar(path, Pictures.Png(i)),
                        "gnu" => RawTar.Gnu(path, Pictures.Png(i)),
                        _ => RawTar.Pax(path, Pictures.Png(i), binary: form == "pax-binary"),
                    }
                );
            }
        tar.Write(new byte[1024]);
        return tar;
    }

    private static string[] Sorted(params string[] names) => [.. names.Order(StringComparer.Ordinal)];

    private ImportedDataset Import(Stream archive, string? encoding = null) =>
        DatasetImport.FromArchive(
            archive,
            _folder.File("pack"),
            new() { Encoding = encoding },
            cancellationToken: TestContext.Current.CancellationToken
        );

    private void Refused(Stream archive, string mention = "", string? encoding = null)
    {
        var e = Assert.Throws<InputException>(() => Import(archive, encoding));
        Assert.Equal("text-encoding", e.Code);
        Assert.Contains(mention, e.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }
}
