using Spectre.Console;

namespace ComodCluster.Cli.Commands;

/// <summary>A listing as a plain table: no frame, one line for each thing.</summary>
internal static class Listing
{
    private const int Gap = 3;

    /// <summary>A cell that is longer and has spaces is a sentence; times and numbers are not.</summary>
    private const int LeastSentence = 20;

    private const string Cut = "…";

    /// <summary>
    /// Columns without a value are left out. Where the terminal has no room for all, sentences are cut, then columns
    /// left out from the last one on, and named: no number and no name is ever broken.
    /// </summary>
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
        var all = new List<Column>();
        foreach (var (title, cell) in columns)
            if (
                new Column(title, [.. things.Select(thing => OneLine(cell(thing) ?? "-"))]) is { IsEmpty: false } column
            )
                all.Add(column);
        var shown = Fit(all, terminal.Out.Profile.Width);
        var table = new Table { Border = TableBorder.None };
        foreach (var (column, width) in shown)
        {
            var title = new Text(column.Title.ToUpperInvariant(), new Style(decoration: Decoration.Bold));
            table.AddColumn(new TableColumn(title) { Width = width, Padding = new(0, 0, Gap, 0) });
        }
        table.Columns[^1].Padding = new(0);
        for (var i = 0; i < things.Count; i++)
            table.AddRow(shown.Select(one => new Text(Shortened(one.Column.Cells[i], one.Width))));
        terminal.Out.Write(table);
        if (shown.Count < all.Count)
            terminal.Note(
                "A wider terminal also shows: "
                    + $"{string.Join(", ", all.Except(shown.Select(one => one.Column)).Select(one => one.Title))}."
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

    /// <summary>The columns that there is room for, with their widths.</summary>
    private static List<(Column Column, int Width)> Fit(List<Column> all, int room)
    {
        // What the sentences of later columns need at least is kept for them.
        var kept = all.Where(column => column.IsSentence).Sum(_ => LeastSentence + Gap);
        var shown = new List<(Column, int)>();
        var isFull = false;
        foreach (var column in all)
        {
            if (column.IsSentence)
                kept -= LeastSentence + Gap;
            var least = Math.Min(column.Widest, column.IsSentence ? LeastSentence : int.MaxValue);
            var fits = least <= (column.IsSentence ? room : room - kept) && (column.IsSentence || !isFull);
            if (shown.Count > 0 && !fits)
            {
                isFull = true;
                continue;
            }
            var width = Math.Min(column.Widest, Math.Max(room - kept, Math.Min(least, room)));
            shown.Add((column, width));
            room -= width + Gap;
        }
        return shown;
    }

    private static string OneLine(string cell) => cell.ReplaceLineEndings(" ");

    private static string Shortened(string cell, int width)
    {
        if (cell.GetCellWidth() <= width)
            return cell;
        while (cell.Length > 0 && cell.GetCellWidth() > width - Cut.Length)
            cell = cell[..^(char.IsLowSurrogate(cell[^1]) ? 2 : 1)];
        return cell + Cut;
    }

    private sealed record Column(string Title, string[] Cells)
    {
        public int Widest { get; } = Cells.Append(Title).Max(cell => cell.GetCellWidth());

        public bool IsSentence { get; } = Cells.Any(cell => cell.Length > LeastSentence && cell.Contains(' '));

        public bool IsEmpty { get; } = Cells.All(cell => cell.Length == 0);
    }
}
