namespace ComodCluster.Lab.Chaos;

/// <param name="Acknowledged">Requests that were answered as asked.</param>
/// <param name="Unanswered">Requests that were refused (429, 503, 507), broken or too late; asked again.</param>
internal sealed record ChaosCount(int Acknowledged, int Unanswered);
