using System.Text;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>CelebA's layout, on small files of the exact format.</summary>
public sealed class CelebAImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void FromArchive_CelebA_HasLabelsAndSplits()
    {
        var manifest = Import(Files());

        Assert.Equal(DatasetKind.Attributes, manifest.Kind);
        Assert.Equal(["5_o_Clock_Shadow", "Smiling", "Young"], manifest.Names);
        Assert.Equal((4, 2), (manifest.Train.Images, manifest.Test.Images));
        Assert.Equal([0, 2, 2], manifest.Train.PerName);
        Assert.Equal([2, 1, 1], manifest.Test.PerName);
        using var pack = DatasetPack.Open(PackPath);
        Assert.Equal(new[] { 0, 0, 0 }, pack.Labels(0));
        Assert.Equal(new[] { 0, 1, 0 }, pack.Labels(1));
        Assert.Equal(new[] { 0, 0, 1 }, pack.Labels(2));
        Assert.Equal(new[] { 0, 1, 1 }, pack.Labels(3)); // validation, used for training
        Assert.Equal(new[] { 1, 0, 0 }, pack.Labels(4));
        Assert.Equal(Pictures.Png(5), pack.ReadImage(5).ToArray());
    }

    /// <summary>All folders and lists of the authors' archive.</summary>
    [Fact]
    public void FromArchive_AsHandedOut_IsTheSameAsTheFilesAlone()
    {
        var alone = Import(Files());
        (string, byte[])[] tree =
        [
            .. Files()
                .Select(f =>
                    (
                        f.Name switch
                        {
                            "list_attr_celeba.txt" => $"CelebA/Anno/{f.Name}",
                            "list_eval_partition.txt" => $"CelebA/Eval/{f.Name}",
                            _ => $"CelebA/Img/{f.Name}",
                        },
                        f.Content
                    )
                ),
            .. new[]
            {
                "identity_CelebA",
                "list_bbox_celeba",
                "list_landmarks_align_celeba",
                "list_landmarks_celeba",
            }.Select(name => ($"CelebA/Anno/{name}.txt", "6\n000001.jpg 1\n"u8.ToArray())),
            ("CelebA/README.txt", "read me"u8.ToArray()),
        ];

        Assert.Equal(alone.Digest, Import(tree).Digest);
    }

    [Fact]
    public void FromFolder_CelebA_IsTheSameAsFromTheZip()
    {
        var zip = Import(Files());
        foreach (var (name, content) in Files())
            File.WriteAllBytes(_folder.File("data/" + name), content);

        var folder = DatasetImport
            .FromFolder(_folder.File("data"), PackPath, new(), cancellationToken: TestContext.Current.CancellationToken)
            .Manifest;

        Assert.Equal(zip.Digest, folder.Digest);
    }

    [Theory]
    [InlineData("list_attr_celeba.txt", "6\n", "7\n", "announces 7")] // count line
    [InlineData("list_attr_celeba.txt", "6\n5_o", "5_o", "must begin")] // no count line
    [InlineData("list_attr_celeba.txt", "000002.jpg -1  1 -1", "000002.jpg -1  1", "2 labels")]
    [InlineData("list_attr_celeba.txt", "000002.jpg -1  1 -1", "000002.jpg -1  0 -1", "'0'")]
    [InlineData("list_attr_celeba.txt", "000002.jpg", "000009.jpg", "'000009.jpg'")]
    [InlineData("list_attr_celeba.txt", "000002.jpg", "000001.jpg", "twice")]
    [InlineData("list_attr_celeba.txt", "Smiling", "Young", "twice")]
    [InlineData("list_eval_partition.txt", "000002.jpg 0\n", "", "5")]
    [InlineData("list_eval_partition.txt", "000002.jpg 0", "000002.jpg 3", "'000002.jpg 3'")]
    [InlineData("list_eval_partition.txt", "000002.jpg 0", "000002.jpg", "'000002.jpg'")]
    [InlineData("list_eval_partition.txt", "000002.jpg 0", "000001.jpg 0", "'000001.jpg 0'")]
    [InlineData("list_eval_partition.txt", "000002.jpg 0", "000009.jpg 0", "'000002.jpg'")]
    public void FromArchive_LabelFilesThatDisagree_AreRefused(string file, string from, string to, string mention) =>
        Refused(
            "dataset-labels",
            [
                .. Files()
                    .Select(f =>
                        f.Name.EndsWith(file, StringComparison.Ordinal) ? (f.Name, Replace(f.Content, from, to)) : f
                    ),
            ],
            mention
        );

    [Fact]
    public void FromArchive_MissingImage_IsRefused() =>
        Refused(
            "dataset-labels",
            [.. Files().Where(f => !f.Name.EndsWith("000003.jpg", StringComparison.Ordinal))],
            "there are 5"
        );

    [Fact]
    public void FromArchive_MissingPartition_IsNamed() =>
        Refused(
            "dataset-layout",
            [.. Files().Where(f => f.Name != "list_eval_partition.txt")],
            "list_eval_partition.txt"
        );

    [Fact]
    public void FromArchive_NoTestImages_IsRefused() =>
        Refused(
            "dataset-empty",
            [
                .. Files()
                    .Select(f =>
                        f.Name == "list_eval_partition.txt" ? (f.Name, Replace(f.Content, ".jpg 2", ".jpg 1")) : f
                    ),
            ]
        );

    [Fact]
    public void FromArchive_TooManyAttributes_IsRefused()
    {
        var e = Assert.Throws<InputException>(() => Import(Files(), new() { MaxAttributes = 2 }));

        Assert.Equal("dataset-too-many-classes", e.Code);
    }

    public void Dispose() => _folder.Dispose();

    private string PackPath => _folder.File("pack");

    private DatasetManifest Import((string, byte[])[] files, ImportOptions? options = null) =>
        DatasetImport
            .FromArchive(
                new ZipFile(files).Open(),
                PackPath,
                options ?? new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Manifest;

    private void Refused(string code, (string, byte[])[] files, params string[] mentions)
    {
        var e = Assert.Throws<InputException>(() => Import(files));
        Assert.Equal(code, e.Code);
        Assert.All(mentions, m => Assert.Contains(m, e.Message, StringComparison.Ordinal));
        Assert.Empty(_folder.Files());
    }

    private static (string Name, byte[] Content)[] Files() =>
        [
            // Columns are padded with blanks and the line of names ends with one, as in the original.
            (
                "list_attr_celeba.txt",
                Encoding.ASCII.GetBytes(
                    "6\n5_o_Clock_Shadow Smiling Young \n000001.jpg -1 -1 -1\n000002.jpg -1  1 -1\n000003.jpg  1 -1 "
                        + "-1\n000004.jpg -1 -1  1\n000005.jpg -1  1  1\n000006.jpg  1  1  1\n"
                )
            ),
            (
                "list_eval_partition.txt",
                Encoding.ASCII.GetBytes(
                    "000001.jpg 0\n000002.jpg 0\n000003.jpg 2\n000004.jpg 0\n000005.jpg 1\n000006.jpg 2\n"
                )
            ),
            .. Enumerable
                .Range(1, 6)
                .Select(i => ($"img_align_celeba/{i:000000}.jpg", Pictures.Png(i == 6 ? 5 : i + 10))),
        ];

    private static byte[] Replace(byte[] content, string from, string to) =>
        Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(content).Replace(from, to, StringComparison.Ordinal));
}
