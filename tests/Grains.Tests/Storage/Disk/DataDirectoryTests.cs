using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Grains.Tests.Storage.Disk;

public class DataDirectoryTests
{
    [Fact]
    public void Open_MissingDirectory_MakesIt()
    {
        using var folder = new TempFolder();

        using var directory = new DataDirectory(Path.Combine(folder.Path, "a", "b"));

        Assert.True(Directory.Exists(directory.Blobs));
        Assert.True(Directory.Exists(directory.Temporary));
    }

    [Fact]
    public void Open_DirectoryOfAnotherSilo_NamesDirectoryAndProcess()
    {
        using var folder = new TempFolder();
        using var first = new DataDirectory(folder.Path);

        var refusal = Assert.Throws<InputException>(() => new DataDirectory(folder.Path));

        Assert.Equal("directory-in-use", refusal.Code);
        Assert.Contains(folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterTheOtherEnded_Works()
    {
        using var folder = new TempFolder();
        new DataDirectory(folder.Path).Dispose();

        new DataDirectory(folder.Path).Dispose();
    }

    [Fact]
    public void Open_AFileInItsPlace_IsRefusedInOneSentence()
    {
        using var folder = new TempFolder();
        var file = folder.File("file");
        File.WriteAllText(file, "");

        var refusal = Assert.Throws<InputException>(() => new DataDirectory(file));

        Assert.Equal("directory-unwritable", refusal.Code);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }
}
