using System.IO.Compression;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Data;

/// <summary>On small files of the exact format.</summary>
public sealed class GetCelebATests : IDisposable
{
    private const string Attributes = "list_attr_celeba.txt",
        Partition = "list_eval_partition.txt",
        Images = "img_align_celeba";

    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();

    private string Target => _folder.File("celeba.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_Folder_PacksTheLayoutThatASiloImports()
    {
        Write();
        var (exit, said) = await Get();
        Assert.Equal(0, exit);
        Assert.Contains("3 train, 1 validation, 2 test images, 3 attributes", said);
        Assert.Contains("Next: comod data upload celeba.zip --name celeba", said);
        Assert.Equal(
            [.. Enumerable.Range(1, 6).Select(i => $"{Images}/{i:000000}.jpg"), Attributes, Partition],
            Entries()
        );
        Assert.Equal(AttributeLines, Text(Attributes));
        Assert.Equal(PartitionLines, Text(Partition));
        Assert.Equal("image 5", Text($"{Images}/000005.jpg"));
    }

    [Fact]
    public async Task Get_AuthorsFoldersAndZip_IsTheSameAsFromTheFolder()
    {
        Write();
        await Get();
        var folder = await File.ReadAllBytesAsync(Target, s_cancellation);
        File.Move(In(Attributes), _folder.File($"celeba/Anno/{Attributes}"));
        File.Move(In(Partition), _folder.File($"celeba/Eval/{Partition}"));
        ZipFile.CreateFromDirectory(
            In(Images),
            _folder.File($"celeba/Img/{Images}.zip"),
            CompressionLevel.Fastest,
            includeBaseDirectory: true
        );
        Directory.Delete(In(Images), recursive: true);
        Assert.Equal(0, (await Get("--force")).Exit);
        Assert.Equal(folder, await File.ReadAllBytesAsync(Target, s_cancellation));
    }

    [Fact]
    public async Task Get_Limit_KeepsTheFirstOfEachPart()
    {
        Write();
        Assert.Contains("1 train, 1 validation, 1 test images", (await Get("--limit", "1")).Said);
        Assert.Equal(
            [$"{Images}/000001.jpg", $"{Images}/000003.jpg", $"{Images}/000005.jpg", Attributes, Partition],
            Entries()
        );
        Assert.Equal(
            "3\n5_o_Clock_Shadow Smiling Young \n000001.jpg -1 -1 -1\n000003.jpg  1 -1 -1\n000005.jpg -1  1  1\n",
            Text(Attributes)
        );
        Assert.Equal("000001.jpg 0\n000003.jpg 2\n000005.jpg 1\n", Text(Partition));
    }

    [Theory]
    [InlineData(Attributes, "6\n", "7\n", "list_attr_celeba.txt announces 7 images and lists 6:")]
    [InlineData(Attributes, "6\n5_o", "5_o", "must begin with a line with the number of images")]
    [InlineData(
        Attributes,
        "000002.jpg -1  1 -1",
        "000002.jpg -1  1",
        "Line 4 of list_attr_celeba.txt is '000002.jpg -1  1':"
    )]
    [InlineData(Attributes, "000002.jpg -1  1 -1", "000002.jpg -1  0 -1", "Line 4 of list_attr_celeba.txt is")]
    [InlineData(
        Attributes,
        "000002.jpg",
        "000009.jpg",
        "Line 4 of list_attr_celeba.txt names '000009.jpg', and there is no such image"
    )]
    [InlineData(
        Attributes,
        "000002.jpg",
        "000001.jpg",
        "Line 4 of list_attr_celeba.txt names '000001.jpg', which stands there twice"
    )]
    [InlineData(
        Partition,
        "000002.jpg 0\n",
        "",
        "list_attr_celeba.txt announces 6 images and list_eval_partition.txt lists 5:"
    )]
    [InlineData(Partition, "000002.jpg 0", "000002.jpg 3", "Line 2 of list_eval_partition.txt is '000002.jpg 3':")]
    [InlineData(Partition, "000002.jpg 0", "000002.jpg", "Line 2 of list_eval_partition.txt is '000002.jpg':")]
    [InlineData(Partition, "000002.jpg 0", "000001.jpg 0", "Line 2 of list_eval_partition.txt is '000001.jpg 0':")]
    [InlineData(
        Partition,
        "000002.jpg 0",
        "000009.jpg 0",
        "names '000002.jpg', which stands there twice or is not in list_eval_partition.txt"
    )]
    public async Task Get_FilesThatDisagree_AreRefusedByLineOrByBothCounts(
        string file,
        string from,
        string to,
        string sentence
    )
    {
        Write();
        await File.WriteAllTextAsync(
            In(file),
            (await File.ReadAllTextAsync(In(file), s_cancellation)).Replace(from, to, StringComparison.Ordinal),
            s_cancellation
        );
        await Refused("dataset-labels", sentence);
    }

    [Fact]
    public async Task Get_MissingImage_IsRefusedWithBothCountsAndItsName()
    {
        Write();
        File.Delete(In($"{Images}/000003.jpg"));
        await Refused(
            "dataset-labels",
            "list_attr_celeba.txt announces 6 images and ",
            $"{Images} has 5, without '000003.jpg':"
        );
    }

    [Fact]
    public async Task Get_OneImageTooMany_IsRefusedWithBothCounts()
    {
        Write();
        await File.WriteAllTextAsync(In($"{Images}/000007.jpg"), "", s_cancellation);
        await Refused("dataset-labels", "announces 6 images and ", $"{Images} has 7:");
    }

    [Fact]
    public async Task Get_TwoImagesOfAName_IsRefused()
    {
        Write();
        File.Copy(In($"{Images}/000001.jpg"), _folder.File($"celeba/{Images}/more/000001.jpg"));
        await Refused("dataset-layout", "two images named '000001.jpg'");
    }

    [Fact]
    public async Task Get_MissingFiles_AreAllNamed()
    {
        Write();
        File.Delete(In(Partition));
        Directory.Delete(In(Images), recursive: true);
        await Refused("dataset-layout", $"lacks {Partition} and {Images}: copy them there");
    }

    [Fact]
    public async Task Get_DamagedZip_IsRefused()
    {
        Write();
        Directory.Delete(In(Images), recursive: true);
        await File.WriteAllTextAsync(In(Images + ".zip"), "no zip", s_cancellation);
        await Refused("dataset-layout", "is no zip or a damaged one");
    }

    private const string AttributeLines =
        "6\n5_o_Clock_Shadow Smiling Young \n000001.jpg -1 -1 -1\n000002.jpg -1  1 -1\n000003.jpg  1 -1 "
        + "-1\n000004.jpg -1 -1  1\n000005.jpg -1  1  1\n000006.jpg  1  1  1\n";

    private const string PartitionLines =
        "000001.jpg 0\n000002.jpg 0\n000003.jpg 2\n000004.jpg 0\n000005.jpg 1\n000006.jpg 2\n";

    private void Write()
    {
        File.WriteAllText(_folder.File("celeba/" + Attributes), AttributeLines);
        File.WriteAllText(In(Partition), PartitionLines);
        for (var i = 1; i <= 6; i++)
            File.WriteAllText(_folder.File($"celeba/{Images}/{i:000000}.jpg"), $"image {i}");
    }

    private string In(string name) => Path.Combine(_folder.Path, "celeba", name);

    private async Task<(int Exit, string Said)> Get(params string[] options)
    {
        var terminal = SilentTerminal.Of(out var error) with { Out = SilentTerminal.Of(out var written).Error };
        var exit = await ComodRoot.Run(
            ["data", "get", "celeba", "--from", _folder.File("celeba"), "--out", Target, .. options],
            terminal
        );
        return (exit, $"{written}{error}");
    }

    private async Task Refused(string code, params string[] sentences)
    {
        var (exit, said) = await Get();
        Assert.Equal(1, exit);
        Assert.StartsWith($"error {code}: ", said[said.IndexOf("error ", StringComparison.Ordinal)..]);
        Assert.All(sentences, sentence => Assert.Contains(sentence, said));
        Assert.DoesNotContain(_folder.Files(), file => file.StartsWith("celeba.zip", StringComparison.Ordinal));
    }

    private string[] Entries()
    {
        using var zip = ZipFile.OpenRead(Target);
        return [.. zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)];
    }

    private string Text(string entry)
    {
        using var zip = ZipFile.OpenRead(Target);
        using var reader = new StreamReader(zip.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }
}
