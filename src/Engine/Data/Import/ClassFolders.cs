using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// <c>&lt;class&gt;/...</c>, or a split: <c>{train,test}/&lt;class&gt;/...</c> or
/// <c>&lt;class&gt;/{train,test}/...</c>, below any number of folders that hold nothing else. What lies in the folders
/// decides, then their names (<see cref="SplitNames"/>). Classes and images are in ordinal order of their names. Beside
/// the folders
/// <see cref="SuperclassFile"/> may be.
/// </summary>
internal static class ClassFolders
{
    /// <exception cref="InputException"><c>dataset-layout</c>, <c>dataset-labels</c>, <c>dataset-empty</c>.</exception>
    public static DatasetLayout Read(FileTree tree, ImportOptions options)
    {
        var ignored = tree.Ignored;
        var files = new List<FilePlace>(tree.Paths.Count);
        foreach (var path in tree.Paths)
        {
            if (!FileKinds.IsCompanion(path))
                files.Add(new(path, 0));
            else if (TreePath.NameOf(path) != SuperclassFile.Name)
                ignored.Add(path);
        }
        var all = files.ToArray();
        var top = TopOf(ref all, ignored);
        foreach (var beside in all.Where(f => f.IsDirect))
        {
            if (FileKinds.IsImage(beside.Path))
                throw Outside(beside);
            ignored.Add(beside.Path);
        }
        var folders = FolderShape.Of(all);
        if (folders.Length == 0)
            throw DatasetLayout.Empty();

        var builder = new LayoutBuilder(tree, options, ignored);
        if (options.TrainFolder is not null)
            builder.Split(NamedParts.Read(files, options, ignored));
        else if (options.Layout is SourceLayout.Classes || !IsSplit(folders, options))
            builder.HoldOut(SplitFolders.ByFolder(folders));
        else
            builder.Split(SplitFolders.Read(folders));
        var superclasses = SuperclassFile.TryRead(tree, top, builder.Classes);
        return builder.Build(superclasses);
    }

    /// <summary>
    /// Steps into the one folder that all images lie in, as long as there are folders in it and it is none of a split.
    /// </summary>
    /// <returns>Its path, with a slash; empty: there is none.</returns>
    private static string TopOf(ref FilePlace[] files, NameSample ignored)
    {
        while (
            !files.Any(f => f.IsDirect && FileKinds.IsImage(f.Path))
            && FolderShape.Of(files) is [{ Name: not ("train" or "test"), Folders.Count: > 0 } only]
        )
        {
            foreach (var beside in files.Where(f => f.IsDirect))
                ignored.Add(beside.Path);
            files = [.. only.Files];
        }
        return files.Length == 0 ? "" : files[0].Path[..files[0].At];
    }

    /// <summary>Whether folders are parts of a split and no classes.</summary>
    private static bool IsSplit(FolderShape[] folders, ImportOptions options)
    {
        var parts = folders.Where(f => f.Part is not null).ToArray();
        var others = folders.Where(f => f.Part is null).ToArray();
        if (options.Layout is SourceLayout.Split)
            return true;
        if (SplitFolders.AreInClasses(folders))
            return true;
        if (parts.Length == 0)
            return LookLikeParts(folders) ? throw Unknown(folders) : false;
        // A folder with images in it is a class that is named train, if it stands beside other classes.
        if (others.Length > 0 && parts.All(p => p.Direct is not null))
            return false;
        if (others.Length > 0)
            throw Beside(parts, others);
        return true;
    }

    /// <summary>Whether several folders hold no image themselves, and the same folders.</summary>
    private static bool LookLikeParts(FolderShape[] folders)
    {
        if (folders.Length < 2 || folders.Any(f => f.Direct is not null))
            return false;
        var largest = folders.MaxBy(f => f.Folders.Count)!.Folders;
        return largest.Count > 1 && folders.All(f => f.Folders.Count > 1 && f.Folders.IsSubsetOf(largest));
    }

    public static InputException Outside(FilePlace file) =>
        LabelFile.Layout(
            $"The image '{file.Path.Shown()}' lies outside any class folder; move it into one, or name the folders to "
                + $"use as train and test."
        );

    private static InputException Unknown(FolderShape[] folders) =>
        LabelFile.Layout(
            $"The folders {Names(folders)} hold the same folders, so they may be classes or parts of a split; state "
                + $"the layout, classes or split, or name the folders of the parts as train and test."
        );

    private static InputException Beside(FolderShape[] parts, FolderShape[] others) =>
        LabelFile.Layout(
            $"There are other folders ({Names(others)}) beside the parts of a split ({Names(parts)}); name the folders "
                + $"to use as train and test, or state the layout classes."
        );

    private static string Names(FolderShape[] folders) => NameSample.Of(folders.Select(f => f.Name)).ToString();
}
