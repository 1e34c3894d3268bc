using System.Globalization;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Reproduce.Images;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>What the observations say of each backbone; all differences are paired by task, draw and size.</summary>
internal sealed class PhotosVerdict(IReadOnlyList<Observation> observations, IReadOnlyList<PhotoTask> tasks)
{
    private const double Tolerated = 0.005,
        ToleratedOfDomain = 0.01;

    private static readonly Method[] s_backboneAlone = [Method.Readout, Method.Gain, Method.Difference];

    private readonly ILookup<(string Study, string Arm), Observation> _of = observations.ToLookup(observation =>
        (observation.Study, observation.Arm)
    );

    private IEnumerable<string> DomainNames => tasks.Select(task => task.DomainName).Distinct();

    public bool Has(string backbone) => PhotoArm.All.Any(arm => Of(backbone, arm.Method).Any());

    /// <summary>Only those whose arms were run.</summary>
    public IEnumerable<Criterion> Criteria(string backbone)
    {
        var beside = s_backboneAlone
            .Select(arm => (Arm: arm, Difference: Difference(backbone, Method.Comodulation, arm)))
            .Where(other => other.Difference is not null)
            .ToArray();
        if (beside.Length > 0)
            yield return new(
                $"On {backbone} comodulation is not behind any arm that leaves the backbone alone: lower bound of the "
                    + $"difference at -0.5 points or above.",
                beside.All(other => other.Difference is { Low: >= -Tolerated }),
                Listed(beside.Select(other => $"{Paired.Points(other.Difference)} to {Format.Name(other.Arm)}"))
            );
        var behind = DomainNames.Select(domain => (Domain: domain, By: Behind(backbone, domain))).ToArray();
        if (behind.Any(domain => !double.IsNaN(domain.By)))
            yield return new(
                $"On {backbone} comodulation is in no domain more than 1 point below the better of readout and gain.",
                behind.All(domain => !(domain.By > ToleratedOfDomain)),
                Listed(
                    behind
                        .Where(domain => !double.IsNaN(domain.By))
                        .Select(domain => $"{domain.Domain} {Points(-domain.By)}")
                )
            );
        if (Difference(backbone, Method.Comodulation, Method.Full) is { } full)
        {
            double parameters = Ratio(backbone, ImageMetric.Parameters),
                seconds = Ratio(backbone, "device-seconds");
            yield return new(
                $"On {backbone} comodulation has full fine-tuning's accuracy with less than 1 % of its parameters and "
                    + $"5 % of its device-seconds.",
                full.Mean >= 0 && parameters < 0.01 && seconds < 0.05,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Paired.Points(full)} points, {100 * parameters:0.##} % and {100 * seconds:0.#} %."
                )
            );
        }
        foreach (var (perClass, most) in new[] { (5, 0.10), (20, 0.05), (50, 0.05) })
        {
            var ece = Mean(Of(backbone, Method.Comodulation, ImageMetric.Ece).Where(value => value.X == perClass));
            if (!double.IsNaN(ece))
                yield return new(
                    $"On {backbone} the calibration error of comodulation is at most {Number(most)} with {perClass} of "
                        + $"each class.",
                    ece <= most,
                    $"{Number(ece)}."
                );
        }
    }

    private static string Listed(IEnumerable<string> parts) => $"{string.Join(", ", parts)}.";

    public IEnumerable<string> Remarks(string backbone)
    {
        foreach (var arm in PhotoArm.All.Where(arm => arm.Method != Method.Readout))
            if (Difference(backbone, Method.Readout, arm.Method) is { } difference)
                yield return $"{backbone}: readout minus {arm.Name}, points: {Paired.Points(difference)}.";
        foreach (var arm in PhotoArm.All)
            if (Of(backbone, arm.Method, ImageMetric.Diverged).Count() is > 0 and var count)
                yield return $"{backbone}, {arm.Name}: {count} adaptations left the finite range; they are in no mean.";
    }

    /// <summary>
    /// One line for each backbone, size and arm: means of all metrics and the difference to the readout.
    /// </summary>
    public IReadOnlyList<string> Metrics(IEnumerable<string> backbones, IEnumerable<int> sizes) =>
        [
            Line([
                "backbone",
                "examples of each class",
                "arm",
                "tasks",
                "draws",
                .. ImageMetric.All.Select(metric => metric.Name),
                "accuracy minus readout",
                "low",
                "high",
            ]),
            .. from backbone in backbones
            from perClass in sizes.Order()
            from arm in PhotoArm.All
            let own = Of(backbone, arm.Method).Where(value => value.X == perClass).ToArray()
            where own.Length > 0
            let over = arm.Method == Method.Readout
                ? null
                : Paired.Difference(own, Of(backbone, Method.Readout).Where(value => value.X == perClass))
            select Line([
                backbone,
                $"{perClass}",
                arm.Name,
                $"{own.Select(value => value.Task).Distinct().Count()}",
                $"{own.Length}",
                .. ImageMetric.All.Select(metric =>
                    Number(Mean(Of(backbone, arm.Method, metric.Name).Where(value => value.X == perClass)))
                ),
                .. over is { } d ? new[] { d.Mean, d.Low, d.High }.Select(Number) : ["", "", ""],
            ]),
        ];

    /// <summary>One line for each backbone, domain, size and arm.</summary>
    public IReadOnlyList<string> Domains(IEnumerable<string> backbones, IEnumerable<int> sizes) =>
        [
            "backbone,domain,examples of each class,arm,tasks,draws,accuracy",
            .. from backbone in backbones
            from domain in DomainNames
            from perClass in sizes.Order()
            from arm in PhotoArm.All
            let own = In(domain, Of(backbone, arm.Method)).Where(value => value.X == perClass).ToArray()
            where own.Length > 0
            select Line([
                backbone,
                domain,
                $"{perClass}",
                arm.Name,
                $"{own.Select(value => value.Task).Distinct().Count()}",
                $"{own.Length}",
                Number(Mean(own)),
            ]),
        ];

    private IEnumerable<Observation> Of(string backbone, Method arm, string metric = ImageMetric.Accuracy) =>
        _of[(ImageMetric.Study(backbone, metric), Format.Name(arm))];

    private IEnumerable<Observation> In(string domain, IEnumerable<Observation> values) =>
        values.Where(value => tasks[value.Task].DomainName == domain);

    private Spread? Difference(string backbone, Method arm, Method other) =>
        Paired.Difference(Of(backbone, arm), Of(backbone, other));

    /// <summary>How far comodulation is below the better of readout and gain; NaN where they were not run.</summary>
    private double Behind(string backbone, string domain) =>
        new[] { Method.Readout, Method.Gain }
            .Select(arm =>
                Paired.Difference(In(domain, Of(backbone, arm)), In(domain, Of(backbone, Method.Comodulation)))?.Mean
            )
            .Max()
        ?? double.NaN;

    /// <summary>Comodulation's mean over that of full fine-tuning, where both were run.</summary>
    private double Ratio(string backbone, string metric)
    {
        var full = Of(backbone, Method.Full, metric).ToArray();
        var places = full.Select(value => (value.Task, value.Seed, value.X)).ToHashSet();
        return Mean(
                Of(backbone, Method.Comodulation, metric)
                    .Where(value => places.Contains((value.Task, value.Seed, value.X)))
            ) / Mean(full);
    }

    /// <summary>Over tasks of the means over their draws; NaN of none.</summary>
    private static double Mean(IEnumerable<Observation> values) =>
        values
            .GroupBy(value => value.Task, (_, ofTask) => ofTask.Average(value => value.Value))
            .DefaultIfEmpty(double.NaN)
            .Average();

    private static string Line(IEnumerable<string> values) => string.Join(',', values);

    private static string Number(double value) =>
        double.IsNaN(value) ? "" : value.ToString("0.#####", CultureInfo.InvariantCulture);

    // Rounded before it is written: a small negative number would have both signs.
    private static string Points(double share) =>
        (Math.Round(100 * share, 1) + 0.0).ToString("+0.0;-0.0", CultureInfo.InvariantCulture);
}
