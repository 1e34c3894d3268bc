using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// From files with classes to the images in the order of the pack: by split, by class, then as they come.
/// </summary>
internal sealed class LayoutBuilder(FileTree tree, ImportOptions options, NameSample ignored)
{
    private readonly List<SourceImage> _train = [];
    private readonly List<SourceImage> _test = [];
    private SourceLayout _layout = SourceLayout.Classes;
    private SourcePart[] _parts = [];
    private bool _heldOut;

    /// <summary>Names of the classes in ordinal order.</summary>
    public string[] Classes { get; private set; } = [];

    /// <summary>Takes the split that the parts make; without a test part a share of each class is held out.</summary>
    public void Split(IReadOnlyList<SplitFolder> parts)
    {
        _layout = SourceLayout.Split;
        _parts = [.. parts.Select(p => new SourcePart(p.Name, p.Split, p.Files.Count))];
        if (parts.All(p => p.Split == DatasetSplit.Train))
        {
            HoldOut([.. parts.SelectMany(p => p.Files)]);
            return;
        }
        Name(parts.SelectMany(p => p.Files));
        foreach (var part in parts)
        foreach (var file in part.Files)
            Add(file, part.Split);
    }

    /// <summary>Holds a share of each class out.</summary>
    public void HoldOut(LabelledFile[] files)
    {
        _heldOut = true;
        Name(files);
        foreach (var ofClass in files.GroupBy(f => f.Class, StringComparer.Ordinal).Select(g => g.ToArray()))
        {
            var held = Holdout.Choose(ofClass.Length, options, Label(ofClass[0].Class));
            for (var i = 0; i < ofClass.Length; i++)
                Add(ofClass[i], held.Contains(i) ? DatasetSplit.Test : DatasetSplit.Train);
        }
    }

    public DatasetLayout Build(IReadOnlyList<string>? superclasses) =>
        new(
            DatasetKind.Classes,
            Classes,
            superclasses,
            [.. _train.OrderBy(i => i.Labels[0]), .. _test.OrderBy(i => i.Labels[0])],
            new()
            {
                Layout = _layout,
                Parts = _parts,
                HeldOut = _heldOut,
                Ignored = ignored,
            }
        );

    private void Name(IEnumerable<LabelledFile> files)
    {
        Classes = [.. files.Select(f => f.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        DatasetLayout.CheckClasses(Classes.Length, options);
    }

    private int Label(string name) => Array.BinarySearch(Classes, name, StringComparer.Ordinal);

    private void Add(LabelledFile file, DatasetSplit split) =>
        (split == DatasetSplit.Train ? _train : _test).Add(
            new(file.Path, split, [Label(file.Class)], () => tree.Read(file.Path, options.Image.MaxEncodedBytes))
        );
}
