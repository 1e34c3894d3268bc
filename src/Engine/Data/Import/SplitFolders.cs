using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// Parts of a split by their names. Where there is no test part the validation part is it; else validation images are
/// used for training.
/// </summary>
internal static class SplitFolders
{
    /// <summary>Whether each class has parts: <c>&lt;class&gt;/{train,test}/...</c>.</summary>
    public static bool AreInClasses(FolderShape[] folders) =>
        folders.All(f =>
            f.Part is null && f.Direct is null && f.Folders.All(inner => SplitNames.Of(inner) is not null)
        );

    /// <exception cref="InputException"><c>dataset-layout</c></exception>
    public static IReadOnlyList<SplitFolder> Read(FolderShape[] folders)
    {
        var inClasses = AreInClasses(folders);
        var parts = inClasses
            ? folders
                .SelectMany(c => c.Files.Select(f => (Part: f.Folder, File: new LabelledFile(f.Path, c.Name))))
                .GroupBy(f => f.Part, f => f.File, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (Name: g.Key, Part: SplitNames.Of(g.Key), Files: g.ToArray()))
                .ToArray()
            : [.. folders.Select(f => (f.Name, f.Part, Labelled(f)))];
        foreach (var (name, part, _) in parts)
            if (part is null)
                throw LabelFile.Layout(
                    $"The folder '{name.Shown()}' is no known part of a split; call it train, val or test, or name the folders "
                        + $"to use as train and test."
                );
        foreach (var group in parts.GroupBy(p => p.Part))
            if (group.Count() > 1)
                throw LabelFile.Layout(
                    $"The folders {NameSample.Of(group.Select(p => p.Name))} are the same part of a split; join them, "
                        + $"or name the folders to use as train and test."
                );
        if (parts.All(p => p.Part != SplitPart.Train))
            throw LabelFile.Layout(
                $"There is a folder '{parts[0].Name.Shown()}' but none named 'train'; add it, with the same class folders."
            );
        var tested = parts.Any(p => p.Part == SplitPart.Test);
        return
        [
            .. parts.Select(p => new SplitFolder(
                inClasses ? $"*/{p.Name}" : p.Name,
                p.Part == SplitPart.Test || (p.Part == SplitPart.Validation && !tested)
                    ? DatasetSplit.Test
                    : DatasetSplit.Train,
                p.Files
            )),
        ];
    }

    /// <summary>The files of a part by their class folders, which may lie in one further folder.</summary>
    /// <exception cref="InputException"><c>dataset-layout</c>: an image lies in no class folder.</exception>
    public static LabelledFile[] Labelled(FolderShape part)
    {
        while (part.Direct is null && FolderShape.Of(part.Files) is [{ Direct: null } only])
            part = only;
        return part.Direct is { } outside ? throw ClassFolders.Outside(outside) : ByFolder(FolderShape.Of(part.Files));
    }

    /// <summary>The files of folders, each folder a class.</summary>
    public static LabelledFile[] ByFolder(FolderShape[] classes) =>
        [.. classes.SelectMany(c => c.Files.Select(f => new LabelledFile(f.Path, c.Name)))];
}
