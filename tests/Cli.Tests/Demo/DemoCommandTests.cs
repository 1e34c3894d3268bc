using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Demo;

public sealed class DemoCommandTests
{
    [Fact]
    public void Read_FolderAsDataset_IsTakenAsItIs()
    {
        using var folder = new TempFolder();
        var command = new DemoCommand(SilentTerminal.Of(out _));

        Assert.Equal(folder.Path, command.Read(command.Parse(["--dataset", folder.Path])).Data);
    }
}
