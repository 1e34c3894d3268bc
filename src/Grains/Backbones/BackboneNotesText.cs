using System.Globalization;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Grains.Backbones;

/// <summary>How a backbone came to be, in one line.</summary>
internal static class BackboneNotesText
{
    public static string? Of(BackboneNotes? notes)
    {
        if (notes is null)
            return null;
        string?[] parts =
        [
            notes.TrainedOn is { } data ? $"trained on {data}" : null,
            notes.Seed is { } seed ? $"seed {seed}" : null,
            notes.Epochs is { } epochs ? $"{epochs} epochs" : null,
            notes.Accuracy is { } accuracy
                ? string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:0.000}")
                : null,
            notes.Text,
        ];
        var said = parts.Where(part => !string.IsNullOrEmpty(part)).ToArray();
        return said.Length == 0 ? null : string.Join(", ", said);
    }
}
