using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using Spectre.Console;

namespace ComodCluster.Lab.Reproduce;

/// <summary>The observations of one place of one curve.</summary>
/// <param name="Seeds">How many values, of all tasks.</param>
/// <param name="Low">Lower end of the 95 % interval of the mean.</param>
/// <param name="High">Upper end of the 95 % interval of the mean.</param>
internal sealed record ResultRow(string Study, string Arm, double X, int Seeds, double Mean, double Low, double High)
{
    public static IReadOnlyList<ResultRow> Of(IReadOnlyList<Observation> observations) =>
        [
            .. observations
                .GroupBy(observation => (observation.Study, observation.Arm, observation.X))
                .Select(group =>
                {
                    var spread = Interval.OfMean([
                        .. group.GroupBy(
                            observation => observation.Task,
                            (_, ofTask) => ofTask.Select(observation => observation.Value).ToArray()
                        ),
                    ]);
                    return new ResultRow(
                        group.Key.Study,
                        group.Key.Arm,
                        group.Key.X,
                        group.Count(),
                        spread.Mean,
                        spread.Low,
                        spread.High
                    );
                }),
        ];
}
