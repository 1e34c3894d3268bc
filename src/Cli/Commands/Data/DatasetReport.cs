using ComodCluster.Api.Datasets;

namespace ComodCluster.Cli.Commands.Data;

/// <summary>What an import made of its archive, a line for each thing that was found; null: there is nothing.</summary>
internal static class DatasetReport
{
    public static (string Name, Func<DatasetInfo, string?> Value)[] Lines { get; } =
    [
        ("layout", data => data.Report is { } report ? Format.Name(report.Layout) : null),
        ("split", data => Split(data.Report)),
        ("ignored", data => Files(data.Report?.Ignored)),
        ("skipped", data => Files(data.Report?.Skipped)),
        ("notes", data => data.Report is { Notes: { Count: > 0 } notes } ? string.Join(' ', notes) : null),
    ];

    private static string? Split(ImportReport? report) =>
        report is null ? null
        : report.HeldOut ? "a fifth of each class is the test"
        : report.Parts.Count == 0 ? "as its files say"
        : string.Join(", ", report.Parts.Select(p => $"{p.Folder} is {p.Split} ({p.Images})"));

    private static string? Files(ImportFiles? files) =>
        files is not { Count: > 0 } ? null
        : files.Count == files.First.Count ? string.Join(", ", files.First)
        : $"{files.Count}: {string.Join(", ", files.First)}, ...";
}
