using System.Globalization;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>What each arm is compared with.</summary>
/// <param name="Source">Where they come from.</param>
internal sealed record ArmSettings(IReadOnlyDictionary<Method, ArmSetting> Of, string Source)
{
    /// <summary>Ending of the table's file.</summary>
    public const string Table = "settings";

    private const string Heading = "arm,factor,steps";

    /// <summary>Those found for CIFAR-10.</summary>
    public static ArmSettings Found { get; } =
        new(ImageArm.All.ToDictionary(arm => arm.Method, arm => arm.Tuned), ImageArm.Source);

    /// <exception cref="UsageException">It is no such table, or lacks an arm.</exception>
    public static ArmSettings Read(FileInfo file)
    {
        var lines = File.ReadAllLines(file.FullName);
        if (lines.FirstOrDefault() != Heading)
            throw new UsageException(
                $"{file.Name} does not begin with '{Heading}': give --settings a file that images-tuning wrote."
            );
        var settings = new Dictionary<Method, ArmSetting>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (
                lines[i].Split(',') is not [var name, var factor, var steps]
                || ImageArm.All.FirstOrDefault(arm => arm.Name == name) is not { } arm
                || !double.TryParse(factor, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
                || !(rate > 0)
                || !int.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count < 1
            )
                throw new UsageException(
                    $"Line {i + 1} of {file.Name} is '{lines[i]}': give an arm, a factor of its rate above 0, and "
                        + $"its steps."
                );
            settings[arm.Method] = new(rate, count);
        }
        var missing = ImageArm.All.Where(arm => !settings.ContainsKey(arm.Method)).Select(arm => arm.Name).ToArray();
        if (missing.Length > 0)
            throw new UsageException($"{file.Name} lacks {string.Join(", ", missing)}: run images-tuning to its end.");
        return new(settings, $"images-tuning, {file.Name}");
    }

    public static IReadOnlyList<string> Lines(IEnumerable<(ImageArm Arm, ArmSetting Setting)> found) =>
        [
            Heading,
            .. found.Select(arm =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{arm.Arm.Name},{arm.Setting.Factor:0.######},{arm.Setting.Steps}"
                )
            ),
        ];

    public Constant Constant(ImageArm arm) =>
        new(
            $"{arm.Name}: factor of rate {arm.Rate.ToString("0.#####", CultureInfo.InvariantCulture)} x steps",
            $"{Of[arm.Method]}",
            Source
        )
        {
            NamesCells = true,
        };
}
