using ComodCluster.Cli.Commands.Demo;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Demo;

public sealed class MachineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gpus_OfTheDriversFolder_AreCountedByModel()
    {
        Add("0000:01:00.0", "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 16\n");
        Add("0000:02:00.0", "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 17\n");
        Add("0000:03:00.0", "Model: \t\t NVIDIA A10\n");
        Assert.Equal(["NVIDIA A10", "2 x NVIDIA H100 80GB HBM3"], Machine.Gpus(_folder.Path));
    }

    [Fact]
    public void Gpus_NoDriver_AreNone() => Assert.Empty(Machine.Gpus(Path.Combine(_folder.Path, "missing")));

    private void Add(string gpu, string information) =>
        File.WriteAllText(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, gpu)).FullName, "information"),
            information
        );
}
