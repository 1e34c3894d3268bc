using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// CIFAR-10 and CIFAR-100 (Krizhevsky, 2009; cs.toronto.edu/~kriz/cifar.html). The binary version has records of one
/// label byte (CIFAR-100: coarse, then fine) and 3 x 32 x 32 pixels, plane after plane; <see cref="CifarPickles"/>
/// makes such records of the Python version. Each image is encoded as PNG; the fine labels of CIFAR-100 are the
/// classes.
/// </summary>
internal static class Cifar
{
    private const int Side = 32,
        PixelBytes = Side * Side * RgbImage.Channels,
        MaxNames = byte.MaxValue + 1;
    private const long MaxFileBytes = 512 << 20;
    private const string Binary = ".bin",
        Meta10 = "batches.meta.txt",
        Fine100 = "fine_label_names.txt",
        Coarse100 = "coarse_label_names.txt";

    /// <returns>Null where the tree is no such data set.</returns>
    public static DatasetLayout? TryRead(FileTree tree)
    {
        if (CifarPickles.AreIn(tree))
            return ReadPickles(tree);
        if (Batches(tree, Binary).Length > 0 || LabelFile.Find(tree, Meta10) is not null)
        {
            var names = LabelFile.Names(tree, LabelFile.Require(tree, Meta10), MaxNames);
            return Read10(tree, names, Binary, new(Bytes, labelBytes: 1));
        }
        if (LabelFile.Find(tree, Fine100) is not { } fine)
            return null;
        return Read100(
            tree,
            LabelFile.Names(tree, fine, MaxNames),
            LabelFile.Names(tree, LabelFile.Require(tree, Coarse100), MaxNames),
            Binary,
            new(Bytes, labelBytes: 2)
        );

        byte[] Bytes(string path) =>
            tree.Read(path, MaxFileBytes)
            ?? throw LabelFile.Layout($"'{path.Shown()}' has more than {MaxFileBytes:N0} bytes; it is another file.");
    }

    private static DatasetLayout ReadPickles(FileTree tree)
    {
        var (fine, coarse) = CifarPickles.Meta(tree);
        return coarse is null
            ? Read10(tree, fine, "", new(path => CifarPickles.Records(tree, path, labelBytes: 1), labelBytes: 1))
            : Read100(
                tree,
                fine,
                coarse,
                "",
                new(path => CifarPickles.Records(tree, path, labelBytes: 2), labelBytes: 2)
            );
    }

    /// <summary>The files <c>data_batch_1</c> and so on.</summary>
    private static string[] Batches(FileTree tree, string extension) =>
        [
            .. tree.Paths.Where(p =>
                TreePath.NameOf(p).StartsWith("data_batch_", StringComparison.Ordinal)
                && Path.GetExtension(p) == extension
            ),
        ];

    private static DatasetLayout Read10(FileTree tree, string[] names, string extension, Records records)
    {
        var batches = Batches(tree, extension);
        if (batches.Length == 0)
            throw LabelFile.Layout(
                $"The files 'data_batch_*{extension}' are missing; add them from the data set's own archive."
            );
        var test = LabelFile.Require(tree, "test_batch" + extension);
        return new(
            DatasetKind.Classes,
            names,
            null,
            [
                .. batches.SelectMany(b => records.Images(b, DatasetSplit.Train, names.Length)),
                .. records.Images(test, DatasetSplit.Test, names.Length),
            ],
            Report(tree)
        );
    }

    private static DatasetLayout Read100(
        FileTree tree,
        string[] fine,
        string[] coarse,
        string extension,
        Records records
    )
    {
        var superclass = new int?[fine.Length];
        var train = LabelFile.Require(tree, "train" + extension);
        var test = LabelFile.Require(tree, "test" + extension);
        SourceImage[] images =
        [
            .. records.Images(train, DatasetSplit.Train, fine.Length, Note),
            .. records.Images(test, DatasetSplit.Test, fine.Length, Note),
        ];
        return new(
            DatasetKind.Classes,
            fine,
            [.. superclass.Select(s => s is { } c ? coarse[c] : "")],
            images,
            Report(tree)
        );

        void Note(int of, int label)
        {
            if (of >= coarse.Length)
                throw LabelFile.Labels(
                    $"There is an image of superclass {of} but only {coarse.Length} names; restore the original files."
                );
            if (superclass[label] is { } known && known != of)
                throw LabelFile.Labels(
                    $"The class '{fine[label].Shown()}' belongs to two superclasses; restore the original " + $"files."
                );
            superclass[label] = of;
        }
    }

    private static SourceReport Report(FileTree tree) => new() { Layout = SourceLayout.Cifar, Ignored = tree.Ignored };

    /// <summary>Reads a file twice, first for its labels, then for its pixels, and holds one file at a time.</summary>
    private sealed class Records(Func<string, byte[]> read, int labelBytes)
    {
        private (string Path, byte[] Bytes)? _current;

        private int RecordBytes => labelBytes + PixelBytes;

        public SourceImage[] Images(
            string path,
            DatasetSplit split,
            int classes,
            Action<int, int>? coarseAndFine = null
        )
        {
            var bytes = Bytes(path);
            if (bytes.Length == 0 || bytes.Length % RecordBytes != 0)
            {
                throw LabelFile.Layout(
                    $"'{path.Shown()}' has {bytes.Length:N0} bytes, which is no whole number of records of "
                        + $"{RecordBytes:N0}; "
                        + "it is cut off or another file."
                );
            }
            var images = new SourceImage[bytes.Length / RecordBytes];
            for (var i = 0; i < images.Length; i++)
            {
                var record = bytes.AsSpan(i * RecordBytes, labelBytes);
                var label = record[labelBytes - 1];
                if (label >= classes)
                    throw LabelFile.Labels(
                        $"'{path.Shown()}' has an image of class {label} but there are only {classes} "
                            + $"names; restore the original files."
                    );
                if (labelBytes == 2)
                    coarseAndFine?.Invoke(record[0], label);
                var number = i;
                images[i] = new($"{path}, record {number}", split, [label], () => Encode(Bytes(path), number));
            }
            return images;
        }

        private byte[] Encode(byte[] bytes, int number)
        {
            var planes = bytes.AsSpan(number * RecordBytes + labelBytes, PixelBytes);
            var image = RgbImage.Black(Side, Side);
            for (var i = 0; i < PixelBytes; i++)
                image.Rgb[i] = planes[i % RgbImage.Channels * Side * Side + i / RgbImage.Channels];
            return ImageDecoder.EncodePng(image);
        }

        private byte[] Bytes(string path)
        {
            if (_current is { } c && c.Path == path)
                return c.Bytes;
            _current = null; // so that two files are never held at once
            var bytes = read(path);
            _current = (path, bytes);
            return bytes;
        }
    }
}
