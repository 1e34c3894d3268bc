using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>One candidate as the choice saw it.</summary>
/// <param name="Loss">Mean negative log-likelihood of the held-out images, nats; null where the candidate diverged, and
/// so for the rest.</param>
/// <param name="Difference">Its loss less the chosen one's, mean over the images; 0 for the chosen one.</param>
/// <param name="StandardError">Standard error of the difference.</param>
public sealed record CandidateScore(
    Method Method,
    double? Loss,
    double? Accuracy,
    double? Difference,
    double? StandardError
);
