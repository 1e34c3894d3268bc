using System.CommandLine;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>The settings of an adaptation on the command line; those not given are the task's own, then the engine's.</summary>
internal sealed class MethodSettings
{
    private readonly Option<string?> _cut = new("--cut") { Description = "Encoder layer: stem, a stage or a block [layer3 of four stages with a fixed head, layer2 for new classes].", HelpName = "LAYER" };
    private readonly Option<string?> _also = new("--also") { Description = "Further encoder layers, each later than the one before it, separated by commas: they share the modulator [none; for new classes the end of the next stage].", HelpName = "A,B" };
    private readonly Option<string?> _granularity = OneOf("--granularity", "What has a coupling of its own [unit].", Enum.GetValues<Granularity>());
    private readonly Option<string?> _gainForm = OneOf("--gain-form", "exp(c m), max(0, 1 + c m) or |1 + c m| [rectified with a fixed head, exponential for new classes].", Enum.GetValues<GainForm>());
    private readonly Option<string?> _refit = OneOf("--refit", "How the readout of new classes is fitted at the end: plain, with the decoder gain as prior, the better of both, or none [auto].", Enum.GetValues<ReadoutRefit>());
    private readonly Option<string?> _estimator = OneOf("--estimator", "How the covariance is estimated [quadrature].", Enum.GetValues<CovarianceEstimator>());
    private readonly Option<string?> _gate = OneOf("--gate", "auto keeps a version that is worse than the base from being served [auto].", Enum.GetValues<GatePolicy>());
    private readonly Option<double?> _sigma = new("--sigma") { Description = "Standard deviation of the modulator [0.1].", HelpName = "X" };
    private readonly Option<double?> _rate = new("--rate") { Description = "Rate for what the method trains inside the network [by method; 0.1 for couplings].", HelpName = "X" };
    private readonly Option<int?> _rank = Checks.AtLeast(1, new Option<int?>("--rank") { Description = "Rank of the changes of method lora [4].", HelpName = "N" });
    private readonly Option<int?> _steps = Checks.AtLeast(1, new Option<int?>("--steps") { Description = "Optimiser steps [150].", HelpName = "N" });
    private readonly Option<int?> _batch = Checks.AtLeast(1, new Option<int?>("--batch") { Description = "Images of a step: 8, 16, 32 or 64 [32].", HelpName = "N" });
    private readonly Option<int?> _examples = Checks.AtLeast(2, new Option<int?>("--examples") { Description = "Train images, drawn anew by every seed [all].", HelpName = "N" });
    private readonly Option<int?> _testImages = Checks.AtLeast(1, new Option<int?>("--test-images") { Description = "Test images that the result is measured on [all].", HelpName = "N" });

    public void AddTo(Command command)
    {
        Option[] all = [_examples, _steps, _batch, _rate, _rank, _sigma, _cut, _also, _granularity, _gainForm, _estimator, _refit, _gate, _testImages];
        foreach (var option in all) command.Options.Add(option);
    }

    /// <returns>Null where nothing was given.</returns>
    public MethodOptions? Read(ParseResult arguments)
    {
        var options = new MethodOptions
        {
            Cut = arguments.GetValue(_cut),
            Also = Layers(arguments.GetValue(_also)),
            Granularity = Value<Granularity>(arguments.GetValue(_granularity)),
            GainForm = Value<GainForm>(arguments.GetValue(_gainForm)),
            Estimator = Value<CovarianceEstimator>(arguments.GetValue(_estimator)),
            Refit = Value<ReadoutRefit>(arguments.GetValue(_refit)),
            Gate = Value<GatePolicy>(arguments.GetValue(_gate)),
            Sigma = arguments.GetValue(_sigma),
            LearningRate = arguments.GetValue(_rate),
            Rank = arguments.GetValue(_rank),
            Steps = arguments.GetValue(_steps),
            Batch = arguments.GetValue(_batch),
            Examples = arguments.GetValue(_examples),
            TestImages = arguments.GetValue(_testImages),
        };
        return options == new MethodOptions() ? null : options;
    }

    public static Option<string?> OneOf<T>(string name, string description, IEnumerable<T> values) where T : struct, Enum
    {
        var names = values.Select(Format.Name).ToArray();
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', names) };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    public static T? Value<T>(string? name) where T : struct, Enum =>
        name is null ? null : Enum.GetValues<T>().Single(value => Format.Name(value) == name);

    private static string[]? Layers(string? names) => names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
