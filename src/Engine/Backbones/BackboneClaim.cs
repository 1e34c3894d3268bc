namespace ComodCluster.Engine.Backbones;

/// <summary>What who registers a weights file says of it, beside what the file says itself.</summary>
/// <param name="Architecture">Null: nothing is said.</param>
/// <param name="Classes">Names of the head's rows, in order; null or empty: nothing is said, and where the weights
/// say nothing either they have no head.</param>
/// <param name="InputSize">Side of the images that it is to see, pixels, 96 to 384; null: nothing is said.</param>
public sealed record BackboneClaim(string? Architecture, IReadOnlyList<string>? Classes, int? InputSize = null)
{
    private const int MinInputSize = 96,
        MaxInputSize = 384;

    private bool NamesClasses => Classes is { Count: > 0 };

    /// <summary>The description of a file that has none; null where too little is said.</summary>
    public BackboneSpec? Spec =>
        Architecture switch
        {
            "resnet18" => BackboneSpec.ResNet18(Classes ?? []),
            "resnet34" => BackboneSpec.ResNet34(Classes ?? []),
            "resnet50" => BackboneSpec.ResNet50(Classes ?? []),
            _ => null,
        };

    /// <summary>The description that holds.</summary>
    /// <param name="own">What the file says; null: nothing.</param>
    /// <exception cref="InputException"><c>backbone-spec</c>: neither says enough; <c>backbone-architecture</c>: the
    /// two differ.</exception>
    public BackboneSpec Resolve(BackboneSpec? own)
    {
        if (own is null)
            return Spec
                ?? throw new InputException(
                    "backbone-spec",
                    "The weights carry no description of their architecture: name it when the backbone is registered "
                        + "(resnet18, resnet34, resnet50), and the classes of its head where it has one."
                );
        if (Architecture is not null && Architecture != own.Architecture)
            throw Differs($"as {own.Architecture} and not as {Architecture}", "the architecture");
        if (NamesClasses && !Classes!.SequenceEqual(own.Classes))
            throw Differs($"with the classes {Shown(own.Classes)} and not {Shown(Classes!)}", "the classes");
        return own;
    }

    /// <summary>The description of weights that were recognised, with what is said of them.</summary>
    /// <param name="recognised">Has a class for each row of the head.</param>
    /// <exception cref="InputException"><c>backbone-architecture</c>: the weights are others; <c>backbone-spec</c>: as
    /// <see cref="Sized"/>.</exception>
    public BackboneSpec Of(BackboneSpec recognised)
    {
        if (Architecture is not null && Architecture != recognised.Architecture)
            throw new InputException(
                "backbone-architecture",
                $"The weights are those of {recognised.Architecture} and not of {Architecture}; leave the architecture "
                    + "out, or register the file that was meant."
            );
        if (NamesClasses && Classes!.Count != recognised.Classes.Count)
            throw new InputException(
                "backbone-architecture",
                recognised.Classes.Count == 0
                    ? $"The weights have no head and {Classes.Count} classes are named; leave the classes out."
                    : $"The head of the weights has {recognised.Classes.Count} rows and {Classes.Count} classes are "
                        + "named; name one for each row, in their order."
            );
        return Sized(NamesClasses ? recognised with { Classes = Classes! } : recognised);
    }

    /// <summary>The description with the input size that is said; images are resized in proportion.</summary>
    /// <exception cref="InputException"><c>backbone-spec</c>: it is out of range.</exception>
    public BackboneSpec Sized(BackboneSpec spec) =>
        InputSize is not { } size || size == spec.InputSize ? spec
        : size is >= MinInputSize and <= MaxInputSize
            ? spec with
            {
                InputSize = size,
                ResizeShortSide = (int)Math.Round((double)spec.ResizeShortSide * size / spec.InputSize),
            }
        : throw new InputException(
            "backbone-spec",
            $"The input size {size} is not in {MinInputSize} to {MaxInputSize}; name one that is, or leave it out."
        );

    /// <summary>Names as a sentence shows them.</summary>
    public static string Shown(IReadOnlyList<string> names) =>
        names.Count == 0
            ? "none"
            : string.Join(", ", names.Take(6)) + (names.Count > 6 ? $" and {names.Count - 6} more" : "");

    private static InputException Differs(string how, string what) =>
        new(
            "backbone-architecture",
            $"The weights describe themselves {how}; leave {what} out, or register the file that was meant."
        );
}
