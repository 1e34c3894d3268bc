namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>Why a file of <c>torch.save</c> is not read.</summary>
internal static class TorchFault
{
    private const string Advice = "save the weights alone with torch.save(model.state_dict(), \"weights.pth\")";

    /// <param name="why">The rest of "... is not usable: ...".</param>
    public static InputException Broken(string why) =>
        new("weights-file", $"The PyTorch checkpoint is not usable: {why}; export or upload it again.");

    /// <param name="what">The rest of "The PyTorch checkpoint ...".</param>
    public static InputException Refused(string what) =>
        new("weights-file", $"The PyTorch checkpoint {what}: {Advice}.");

    public static InputException BigEndian() =>
        Refused("keeps its numbers big-endian, as another kind of machine does");

    public static InputException Names(PickleGlobal global) =>
        Refused($"names '{global}', which weights do not need, and nothing of a file is executed");
}
