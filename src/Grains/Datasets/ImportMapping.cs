using ComodCluster.Api.Datasets;
using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Grains.Datasets;

/// <summary>Between an import as the API asks for it and tells of it, and the engine's.</summary>
public static class ImportMapping
{
    /// <summary>How an uploaded archive is to be read.</summary>
    public static ImportOptions Options(this DatasetSource source) =>
        new()
        {
            Seed = (ulong)(uint)source.Seed,
            Layout = source.Import?.Layout switch
            {
                ImportLayout.Classes => SourceLayout.Classes,
                ImportLayout.Split => SourceLayout.Split,
                ImportLayout.Cifar => SourceLayout.Cifar,
                ImportLayout.CelebA => SourceLayout.CelebA,
                _ => null,
            },
            TrainFolder = source.Import?.Train,
            TestFolder = source.Import?.Test,
            Encoding = source.Import?.Encoding,
            SkipUnreadable = source.Import?.SkipUnreadable ?? false,
        };

    internal static ImportReport ToApi(this SourceReport report) =>
        new()
        {
            Layout = report.Layout switch
            {
                SourceLayout.Split => ImportLayout.Split,
                SourceLayout.Cifar => ImportLayout.Cifar,
                SourceLayout.CelebA => ImportLayout.CelebA,
                _ => ImportLayout.Classes,
            },
            Parts =
            [
                .. report.Parts.Select(p => new ImportPart
                {
                    Folder = p.Folder,
                    Split = p.Split == DatasetSplit.Train ? "train" : "test",
                    Images = p.Images,
                }),
            ],
            HeldOut = report.HeldOut,
            Ignored = Files(report.Ignored),
            Skipped = Files(report.Skipped),
            Notes = report.Notes,
        };

    private static ImportFiles Files(NameSample sample) => new() { Count = sample.Count, First = [.. sample.First] };
}
