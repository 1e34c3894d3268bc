namespace ComodCluster.Api.Tasks;

/// <summary>Why one image of a prediction has no answer.</summary>
/// <param name="Index">From 0, in the order the images were sent.</param>
/// <param name="Code">As of the problem that answers where the image is sent alone.</param>
/// <param name="Message">One sentence: cause and fix.</param>
/// <param name="Name">File name of the form's part; null where it has none.</param>
[GenerateSerializer, Alias("comod.ImageRefusal")]
public sealed record ImageRefusal(
    [property: Id(0)] int Index,
    [property: Id(1)] string Code,
    [property: Id(2)] string Message,
    [property: Id(3)] string? Name = null
);
