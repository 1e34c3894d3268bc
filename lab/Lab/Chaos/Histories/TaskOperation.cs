using System.Globalization;

namespace ComodCluster.Lab.Chaos.Histories;

/// <summary>One thing that was asked of a task, from its question to its answer.</summary>
/// <param name="Version">That was activated, read or left by a job (0: none), or the number of versions; null where it
/// is not known.</param>
/// <param name="Asked">Seconds.</param>
/// <param name="Heard">Seconds; null without an answer: it happened at any time since it was asked, or not at
/// all.</param>
/// <param name="Job">Of an adaptation and its end.</param>
internal sealed record TaskOperation(TaskVerb Verb, int? Version, double Asked, double? Heard, string? Job = null)
{
    public bool IsSameAs(TaskOperation other) => (Verb, Version, Job) == (other.Verb, other.Version, other.Job);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{What} (asked at {Asked:0.000} s, answered at {Heard:0.000} s)");

    private string What =>
        Verb switch
        {
            TaskVerb.Adapt => $"adaptation {Job}",
            TaskVerb.End => $"end of {Job} with version {Version}",
            TaskVerb.Activate => $"activation of version {Version}",
            TaskVerb.ReadActive => $"answer by version {Version}",
            _ => $"list of {Version} versions",
        };
}
