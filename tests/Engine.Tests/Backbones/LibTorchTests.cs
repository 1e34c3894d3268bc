using ComodCluster.Engine.Native;
using TorchSharp;

namespace ComodCluster.Engine.Tests.Backbones;

public class LibTorchTests
{
    [Theory]
    [InlineData("auto", 0, DeviceType.CPU, -1)]
    [InlineData("auto", 2, DeviceType.CUDA, 0)]
    [InlineData("cpu", 2, DeviceType.CPU, -1)]
    [InlineData("cuda", 1, DeviceType.CUDA, 0)]
    [InlineData("cuda:1", 2, DeviceType.CUDA, 1)]
    public void ChooseDevice_AvailableDevice_IsChosen(string choice, int gpus, DeviceType type, int index)
    {
        var device = LibTorch.ChooseDevice(choice, gpus);

        Assert.Equal((type, index), (device.type, device.index));
    }

    [Theory]
    [InlineData("cuda", 0, "-p:TorchBackend=cuda")]
    [InlineData("cuda:0", 0, "nvidia-smi")]
    [InlineData("cuda:2", 2, "2 GPU(s)")]
    [InlineData("gpu", 2, "not a device")]
    [InlineData("cuda:", 2, "not a device")]
    [InlineData("cuda:-1", 2, "not a device")]
    [InlineData("", 0, "not a device")]
    public void ChooseDevice_Otherwise_SaysWhatToDo(string choice, int gpus, string expected)
    {
        var e = Assert.Throws<InputException>(() => LibTorch.ChooseDevice(choice, gpus));

        Assert.Equal("device", e.Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetThreads_One_IsSet()
    {
        LibTorch.SetThreads(1);
        Assert.Equal(1, LibTorch.Threads);
        Assert.Equal("threads", Assert.Throws<InputException>(() => LibTorch.SetThreads(0)).Code);
    }
}
