using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Chaos;

/// <summary>What a fault did in the middle of adaptations of every task, under predictions.</summary>
/// <param name="AnswerSeconds">From the fault until every task has answered a prediction that was asked after
/// it.</param>
/// <param name="Refused">Predictions that were refused, broken or not answered within two seconds; asked again.</param>
/// <param name="Answered">Predictions that were answered between the fault and the end of the jobs.</param>
/// <param name="JobSeconds">From the fault until all jobs had ended.</param>
/// <param name="Resumes">Times that a job was taken up from its checkpoint.</param>
/// <param name="LostSteps">The most that a job fell back, as far as its progress was seen.</param>
/// <param name="Failed">Jobs without a result.</param>
/// <param name="Different">Jobs whose parameters are not bit for bit those of the run without a fault.</param>
internal sealed record ScenarioResult(
    string Name,
    string What,
    double AnswerSeconds,
    int Refused,
    int Answered,
    double JobSeconds,
    int Resumes,
    int LostSteps,
    int Failed,
    int Different
)
{
    public static void Write(Terminal terminal, IReadOnlyList<ScenarioResult> results) =>
        Listing.Write(
            terminal,
            results,
            "",
            ("fault", r => r.What),
            ("all tasks answer", r => $"{r.AnswerSeconds:0.0} s"),
            ("answered / asked again", r => $"{r.Answered} / {r.Refused}"),
            ("jobs ended", r => $"{r.JobSeconds:0.0} s"),
            ("resumed", r => $"{r.Resumes}"),
            ("steps lost", r => $"{r.LostSteps}"),
            ("failed", r => $"{r.Failed}"),
            ("other bits", r => $"{r.Different}")
        );
}
