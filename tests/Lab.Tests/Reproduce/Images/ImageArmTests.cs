using ComodCluster.Api.Tasks;
using ComodCluster.Lab.Reproduce.Images;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

public class ImageArmTests
{
    [Fact]
    public void All_HasEveryMethodOnce() =>
        Assert.Equal(
            Enum.GetValues<Method>().Where(method => method is not (Method.Auto or Method.ReadoutPenultimate)),
            ImageArm.All.Select(arm => arm.Method).Order()
        );

    [Fact]
    public void Options_OfASetting_GoToWhatTheArmTrains()
    {
        var setting = new ArmSetting(10, 30);
        Assert.Equal(0.3, ImageArm.Of(Method.Gain).Options(setting, 50).LearningRate!.Value, 1e-12);
        var readout = ImageArm.Of(Method.Readout).Options(setting, 50);
        Assert.Null(readout.LearningRate);
        Assert.Equal(0.1, readout.ReadoutLearningRate!.Value, 1e-12);
        Assert.Equal((30, 2, 50), (readout.Steps, readout.EvaluateEvery, readout.Examples));
    }
}
