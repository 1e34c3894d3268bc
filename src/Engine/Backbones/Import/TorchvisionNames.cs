using System.Globalization;
using System.Text.RegularExpressions;

namespace ComodCluster.Engine.Backbones.Import;

/// <summary>
/// Finds the one residual network among arrays, and gives them torchvision's names: those of timm are the same for
/// plain networks, Transformers' are its own, and wrappers put a prefix before all.
/// </summary>
internal static partial class TorchvisionNames
{
    private const string First = "conv1.weight";

    /// <returns>By torchvision's name, in the order of the file, with the head as <c>fc</c>; what lies outside the
    /// prefix of the network is left out.</returns>
    /// <exception cref="InputException"><c>backbone-architecture</c>: there is no such network, or more than
    /// one.</exception>
    public static IReadOnlyDictionary<string, SourceTensor> Of(IReadOnlyList<SourceTensor> tensors)
    {
        var named = tensors
            .Where(t => !t.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Select(t => (Name: OfTransformers(t.Name), Tensor: t))
            .ToArray();
        var prefix = Prefix(named);
        var arrays = new Dictionary<string, SourceTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in named)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                if (!arrays.TryAdd(OfHead(name[prefix.Length..]), tensor))
                    throw ResNetShape.Foreign(
                        $"'{tensor.Name}' is one of several heads",
                        "leave one in the file, or none"
                    );
        return arrays;
    }

    /// <summary>What stands before the name of the first convolution.</summary>
    private static string Prefix(IReadOnlyList<(string Name, SourceTensor Tensor)> named)
    {
        var names = named.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        string[] prefixes =
        [
            .. names
                .Where(name => name == First || name.EndsWith("." + First, StringComparison.Ordinal))
                .Select(name => name[..^First.Length])
                .Where(prefix => names.Contains($"{prefix}layer1.0.conv1.weight")),
        ];
        if (prefixes is [var one])
            return one;
        if (prefixes.Length > 1)
            throw ResNetShape.Foreign(
                $"there are {prefixes.Length} networks in it ({BackboneClaim.Shown([.. prefixes.Select(Shown)])})",
                "save one of them alone"
            );
        if (named.Count == 0)
            throw ResNetShape.Foreign("there is no array in it");
        throw names.Any(name => DeepStem().IsMatch(name))
            ? ResNetShape.Foreign("its stem has several convolutions ('conv1.0.weight'), as in ResNet-D")
            : ResNetShape.Foreign($"'{named[0].Tensor.Name}' is no name in one, nor is there a '{First}'");
    }

    private static string OfTransformers(string name) =>
        name is "classifier.1.weight" or "classifier.1.bias"
            ? name.Replace("classifier.1", "fc", StringComparison.Ordinal)
            : Transformers()
                .Replace(
                    name,
                    match =>
                    {
                        var isConvolution = match.Groups["kind"].Value == "convolution";
                        if (!match.Groups["stage"].Success)
                            return isConvolution ? "conv1." : "bn1.";
                        var block = $"layer{Number(match, "stage") + 1}.{Number(match, "block")}";
                        return match.Groups["conv"].Success
                            ? $"{block}.{(isConvolution ? "conv" : "bn")}{Number(match, "conv") + 1}."
                            : $"{block}.downsample.{(isConvolution ? 0 : 1)}.";
                    }
                );

    private static string OfHead(string name) =>
        Head().Match(name) is { Success: true } match ? $"fc.{match.Groups["what"].Value}" : name;

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string Shown(string prefix) => prefix.Length == 0 ? "the file's own" : prefix.TrimEnd('.');

    [GeneratedRegex(
        @"^(?:resnet\.)?(?:embedder\.embedder|encoder\.stages\.(?<stage>\d)\.layers\.(?<block>\d{1,2})\.(?:layer\.(?<conv>\d)|shortcut))\.(?<kind>convolution|normalization)\."
    )]
    private static partial Regex Transformers();

    [GeneratedRegex(@"^(?:fc|classifier|head|linear)(?:\.fc|\.\d{1,2})?\.(?<what>weight|bias)$")]
    private static partial Regex Head();

    [GeneratedRegex(@"(?:^|\.)conv1\.0\.weight$")]
    private static partial Regex DeepStem();
}
