namespace ComodCluster.Lab.Reproduce;

/// <summary>What a reproduction was asked for.</summary>
/// <param name="Quick">The same work, too little of it to conclude from.</param>
/// <param name="Data">A zip of class folders that is there, for those that learn from images; null: the built-in
/// ones.</param>
/// <param name="Settings">What <c>images-tuning</c> found, for those that compare arms; null: what it found for
/// CIFAR-10.</param>
/// <param name="Backbones">Where backbones that are trained on the data are kept; null: nowhere.</param>
/// <param name="Photos">Folder of the archives that <c>photos prepare</c> wrote, for those on photos.</param>
internal sealed record ReproductionOptions(
    bool Quick,
    FileInfo? Data = null,
    FileInfo? Settings = null,
    DirectoryInfo? Backbones = null,
    DirectoryInfo? Photos = null
);
