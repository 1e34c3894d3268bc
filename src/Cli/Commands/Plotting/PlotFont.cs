using SkiaSharp;

namespace ComodCluster.Cli.Commands.Plotting;

/// <summary>A font for the texts of PNG: the native library that comes with the program looks for none.</summary>
internal static class PlotFont
{
    private static readonly string[] Folders =
    [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
    ];
    private static readonly string[] Files =
    [
        "DejaVuSans.ttf",
        "LiberationSans-Regular.ttf",
        "NotoSans-Regular.ttf",
        "Arial.ttf",
        "Helvetica.ttc",
    ];

    private static readonly Lazy<SKTypeface?> Found = new(() =>
    {
        var every = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var files = Folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", every))
            .ToLookup(path => Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);
        return Files
            .SelectMany(name => files[name])
            .Select(file => SKTypeface.FromFile(file))
            .FirstOrDefault(typeface => typeface is not null);
    });

    /// <summary>Null where this machine has none of the usual ones.</summary>
    public static SKTypeface? Find() => Found.Value;
}
