using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>What a task said of a file, or why it said nothing.</summary>
/// <param name="Image">The file as the user named it.</param>
/// <param name="Version">The version that answered; 0 is the base; null where none did.</param>
internal sealed record PredictedFile(string Image, int? Version, Prediction? Answer, ImageRefusal? Error);
