using System.IO.Compression;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Lab.Photos;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Photos;

public sealed class PhotoListTests : IDisposable
{
    private static readonly PhotoDomain s_domain = new(
        "small",
        "",
        PhotoRole.Tuning,
        "owner/name",
        "0123",
        "none stated",
        "",
        Train: 2,
        Test: 1,
        "",
        [new("a", "one/a_", "two/"), new("b", "one/b_")]
    )
    {
        Sizes = [2],
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DirectoryInfo Clone => new(_folder.Path);

    [Fact]
    public void Of_Photos_AreThoseOfThePrefixesWhateverTheirNames()
    {
        Fill("one/a_1.jpg", "one/a_2.JPG", "two/x.png", "one/b_1.jpg", "one/b_2.jpg", "one/b_3.jpeg");
        var first = PhotoList.Of(s_domain, Clone).Digest;
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, NewName(Path.GetFileName(file))));

        Assert.Equal(first, PhotoList.Of(s_domain, Clone).Digest);

        static string NewName(string name) => name[0] == 'x' ? "y.png" : $"{name[..2]}z{name[2..]}";
    }

    [Fact]
    public void Write_Photos_ArePartedIntoSplitsByTheirDigests()
    {
        Fill("one/a_1.jpg", "one/a_2.jpg", "two/x.png", "one/b_1.jpg", "one/b_2.jpg", "one/b_3.jpg", "one/b_4.jpg");
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            PhotoList.Of(s_domain, Clone).Write(zip, TestContext.Current.CancellationToken);

        using var read = new ZipArchive(stream);
        string[] names = [.. read.Entries.Select(entry => entry.FullName)];
        Assert.Equal(
            ["test/a", "train/a", "train/a", "test/b", "train/b", "train/b"],
            names.Select(name => name[..name.LastIndexOf('/')])
        );
        var digests = names.Select(Path.GetFileNameWithoutExtension).ToArray();
        Assert.Equal(digests[..3].Order(StringComparer.Ordinal), digests[..3]);
        Assert.Equal(digests[3..].Order(StringComparer.Ordinal), digests[3..]);
    }

    [Theory]
    [InlineData("one/a_3.gif", "another ending")]
    [InlineData("one/c_3.jpg", "another beginning")]
    [InlineData("one/deep/a_3.jpg", "a folder below")]
    public void Of_OtherFiles_AreNoPhotos(string file, string what)
    {
        Fill("one/a_1.jpg", "one/a_2.jpg", "one/b_1.jpg", "one/b_2.jpg", "one/b_3.jpg", file);

        Assert.True(Refusal().Contains("has 2 photos of 'a' and 3 are needed", StringComparison.Ordinal), what);
    }

    [Theory]
    [InlineData("one/a_3.jpg", "one/a_1.jpg", "2")] // twice in a class: taken once
    [InlineData("one/a_3.jpg", "one/b_1.jpg", "2")] // in two classes: taken in none
    public void Of_TheSamePhotoAgain_IsNotCounted(string file, string same, string count)
    {
        Fill("one/a_1.jpg", "one/a_2.jpg", "one/b_1.jpg", "one/b_2.jpg", "one/b_3.jpg", "one/b_4.jpg");
        File.Copy(_folder.File(same), _folder.File(file));

        Assert.Contains($"has {count} photos of 'a'", Refusal());
    }

    [Fact]
    public void Of_LargeFile_IsPassedOver()
    {
        Fill("one/a_1.jpg", "one/a_2.jpg", "one/b_1.jpg", "one/b_2.jpg", "one/b_3.jpg");
        File.WriteAllBytes(_folder.File("one/a_3.jpg"), new byte[PhotoList.MostBytes]);

        Assert.Contains("has 2 photos of 'a'", Refusal());
    }

    [Fact]
    public async Task Prepare_CloneOfSomethingElse_SaysWhatToCheckOutAndWritesNothing()
    {
        var exit = await LabRoot.Run(
            ["photos", "prepare", "tiles", _folder.Path, "--out", _folder.File("tiles.zip")],
            SilentTerminal.Of(out var error)
        );

        Assert.Equal(2, exit);
        Assert.Contains("has 0 photos of 'blowhole' and 85 are needed: clone https://github.com/", error.ToString());
        Assert.False(File.Exists(_folder.File("tiles.zip")));
    }

    [Fact]
    public async Task Photos_WithoutVerb_AreListed()
    {
        var terminal = SilentTerminal.Of(out _);
        Assert.Equal(0, await LabRoot.Run(["photos", "-o", "json"], terminal));
        Assert.All(PhotoDomains.All, domain => Assert.Contains(domain.Commit, terminal.Raw.ToString()));
    }

    private string Refusal()
    {
        var refusal = Assert.Throws<UsageException>(() => PhotoList.Of(s_domain, Clone));
        Assert.EndsWith("clone https://github.com/owner/name and check out 0123.", refusal.Message);
        return refusal.Message;
    }

    private void Fill(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllText(_folder.File(file), file);
        }
    }
}
