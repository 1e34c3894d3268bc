using ComodCluster.Cli.Commands.Files;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Files;

public sealed class UserFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public UserFilesTests()
    {
        string[] names =
        [
            "b.png",
            "a.png",
            "a.jpg",
            "*.tif",
            ".hidden.png",
            "in/c.png",
            "in/deep/d.png",
            "in/Thumbs.db",
            "in/.git/e.png",
        ];
        foreach (var name in names)
            File.WriteAllBytes(_folder.File(name), [1]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "*.tif", "a.jpg", "a.png", "b.png", "in/c.png", "in/deep/d.png")]
    [InlineData("/", "*.tif", "a.jpg", "a.png", "b.png", "in/c.png", "in/deep/d.png")]
    [InlineData("/b.png", "b.png")]
    [InlineData("/*.png", "a.png", "b.png")]
    [InlineData("/?.jpg", "a.jpg")]
    [InlineData("/*/*.png", "in/c.png")]
    [InlineData("/i*", "in/c.png", "in/deep/d.png")]
    [InlineData("/*.tif", "*.tif")]
    [InlineData("/.h*", null)]
    public void Of_FolderFileOrPattern_NamesTheFilesInOrder(string word, params string?[]? names) =>
        Assert.Equal(
            names is null or [null] ? [] : names.Select(name => $"{_folder.Path}/{name}"),
            UserFiles.Of([_folder.Path + word]).Select(file => file.Name)
        );

    [Theory]
    [InlineData("no.png", "There is no file or folder")]
    [InlineData("*.webp", "There is no file that matches")]
    [InlineData("no/*.png", "There is no file that matches")]
    [InlineData("*.png", null)]
    [InlineData("in", null)]
    public void FaultOf_WordThatFindsNothing_SaysSo(string word, string? sentence)
    {
        var fault = UserFiles.FaultOf($"{_folder.Path}/{word}");
        if (sentence is null)
            Assert.Null(fault);
        else
            Assert.StartsWith(sentence, fault);
    }
}
