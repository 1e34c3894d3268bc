using Spectre.Console;

namespace ComodCluster.Cli.Commands;

/// <summary>A listing as a plain table: no frame, one line for each thing.</summary>
internal static class Listing
{
    private const int Gap = 3;

    /// <summary>Characters that a column of sentences needs at least where it is folded.</summary>
    private const int LeastFolded = 20;

    /// <summary>Columns that the terminal has no room for are left out, from the last one on, and named.</summary>
    /// <param name="columns">Titles with the cell that each gives for a thing, the most important ones first.</param>
    public static void Write<T>(
        Terminal terminal,
        IReadOnlyCollection<T> things,
        string none,
        params ReadOnlySpan<(string Title, Func<T, string?> Cell)> columns
    )
    {
        if (things.Count == 0)
        {
            terminal.Note(none);
            return;
        }
        var all = columns.ToArray();
        string[][] lines = [.. things.Select(thing => all.Select(column => column.Cell(thing) ?? "-").ToArray())];
        var table = new Table { Border = TableBorder.None };
        for (var (i, room) = (0, terminal.Out.Profile.Width); i < all.Length; i++)
        {
            var widest = lines.Select(line => line[i].Length).Append(all[i].Title.Length).Max();
            if (i > 0 && widest > room && room < LeastFolded)
                break;
            var width = Math.Min(widest, room);
            var title = new Text(all[i].Title.ToUpperInvariant(), new Style(decoration: Decoration.Bold));
            table.AddColumn(new TableColumn(title) { Width = width, Padding = new(0, 0, Gap, 0) });
            room -= width + Gap;
        }
        var shown = table.Columns.Count;
        table.Columns[^1].Padding = new(0);
        foreach (var line in lines)
            table.AddRow(line.Take(shown).Select(cell => new Text(cell)));
        terminal.Out.Write(table);
        if (shown < all.Length)
            terminal.Note(
                $"A wider terminal also shows: {string.Join(", ", all.Skip(shown).Select(column => column.Title))}."
            );
    }

    /// <summary>Names and values below each other.</summary>
    public static void Write(Terminal terminal, params ReadOnlySpan<(string Name, string? Value)> lines)
    {
        var width = 0;
        foreach (var (name, _) in lines)
            width = Math.Max(width, name.Length);
        foreach (var (name, value) in lines)
            if (!string.IsNullOrEmpty(value))
                terminal.Line($"{name.PadRight(width)}   {value}");
    }
}
