using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Reproduce.Images;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

public sealed class ArmSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatTuningWrote_IsWhatItFound()
    {
        var found = ImageArm.All.Select((arm, i) => (arm, new ArmSetting(0.5 * (i + 1), 30 + i))).ToArray();
        var read = ArmSettings.Read(Written([.. ArmSettings.Lines(found)]));
        Assert.Equal(found.Select(arm => arm.Item2), ImageArm.All.Select(arm => read.Of[arm.Method]));
        Assert.Equal("images-tuning, settings.csv", read.Constant(ImageArm.Of(Method.Gain)).Source);
        Assert.Equal("1 x 31", read.Constant(ImageArm.All[1]).Value);
    }

    [Theory]
    [InlineData("settings.csv does not begin with 'arm,factor,steps'", "arm,steps")]
    [InlineData("Line 2 of settings.csv is 'gane,1,2'", "arm,factor,steps", "gane,1,2")]
    [InlineData("Line 3 of settings.csv is 'gain,-1,2'", "arm,factor,steps", "film,1,2", "gain,-1,2")]
    [InlineData("Line 2 of settings.csv is 'gain,1,many'", "arm,factor,steps", "gain,1,many")]
    [InlineData("settings.csv lacks readout, comodulation,", "arm,factor,steps", "gain,1,2")]
    public void Read_SomethingElse_SaysWhatIsWrong(string sentence, params string[] lines) =>
        Assert.Contains(
            sentence,
            Assert.Throws<UsageException>(() => ArmSettings.Read(Written(lines))).Message,
            StringComparison.Ordinal
        );

    private FileInfo Written(params string[] lines)
    {
        var file = new FileInfo(Path.Combine(_folder.Path, "settings.csv"));
        File.WriteAllLines(file.FullName, lines);
        return file;
    }
}
