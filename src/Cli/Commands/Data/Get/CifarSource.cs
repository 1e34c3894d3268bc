namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>
/// The binary version of a CIFAR data set (Krizhevsky, 2009): records of one label byte (CIFAR-100: coarse, then fine)
/// and 3 x 32 x 32 pixels, plane after plane.
/// Addresses, checksums and format are those of cs.toronto.edu/~kriz/cifar.html.
/// </summary>
/// <param name="Name">Name of the verb and of the archive.</param>
/// <param name="Title">As people write it.</param>
/// <param name="Url">A .tar.gz.</param>
/// <param name="Md5">Lower-case hexadecimal.</param>
/// <param name="Classes">Its file with one class name per line.</param>
/// <param name="Superclasses">Its file with one name of a superclass per line; null where there are none.</param>
/// <param name="Train">How names of files with training records begin.</param>
/// <param name="Test">The file with test records.</param>
internal sealed record CifarSource(
    string Name,
    string Title,
    Uri Url,
    string Md5,
    string Classes,
    string? Superclasses,
    string Train,
    string Test
)
{
    public static CifarSource Cifar10 { get; } =
        new(
            "cifar10",
            "CIFAR-10",
            new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
            "c32a1d4ab5d03f1284b67883e8d87530",
            "batches.meta.txt",
            null,
            "data_batch_",
            "test_batch.bin"
        );

    public static CifarSource Cifar100 { get; } =
        new(
            "cifar100",
            "CIFAR-100",
            new("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
            "03b5dce01913d631647c71ecec9e9cb8",
            "fine_label_names.txt",
            "coarse_label_names.txt",
            "train.bin",
            "test.bin"
        );
}
