using System.Text.RegularExpressions;
using Spectre.Console;

namespace ComodCluster.Cli.Commands;

/// <summary>A listing as a plain table: no frame, one line for each thing.</summary>
internal static partial class Listing
{
    private const int Gap = 3;

    /// <summary>What is left of a sentence or a name at least, where the room is scarce.</summary>
    private const int LeastSentence = 15,
        LeastName = 12;

    /// <summary>A cell that is longer and has words is a sentence; times, numbers and their intervals are
    /// not.</summary>
    private const int ShortestSentence = 20;

    private const string Cut = "…";

    /// <summary>
    /// Columns without a value are left out. Where the terminal has no room for all, sentences are cut, then names,
    /// then columns left out from the last one on, and named: no number is ever broken, and no name of the first
    /// column.
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
                new Column(title, [.. things.Select(thing => OneLine(cell(thing) ?? "-"))], all.Count == 0) is
                { IsEmpty: false } column
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

    /// <summary>The columns that there is room for, with their widths; sentences stand at the end.</summary>
    private static List<(Column Column, int Width)> Fit(List<Column> all, int room)
    {
        var shown = new List<Column>();
        var isFull = false;
        foreach (var column in all)
        {
            var fits = column.Least <= room && (column.IsSentence || !isFull);
            isFull |= !fits;
            if (shown.Count > 0 && !fits)
                continue;
            shown.Add(column);
            room -= Math.Min(column.Least, room) + Gap;
        }
        var spare = Math.Max(0, room + Gap);
        return
        [
            .. shown
                .OrderBy(column => column.IsSentence)
                .Select(column =>
                {
                    var more = Math.Min(column.Widest - column.Least, spare);
                    spare -= more;
                    return (column, column.Least + more);
                }),
        ];
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

    private sealed partial record Column(string Title, string[] Cells, bool IsFirst)
    {
        public int Widest { get; } = Cells.Append(Title).Max(cell => cell.GetCellWidth());

        public bool IsSentence { get; } =
            Cells.Any(cell =>
                cell.Length > ShortestSentence && cell.Split(' ').Count(word => word.Count(char.IsLetter) > 2) > 1
            );

        public bool IsEmpty { get; } = Cells.All(cell => cell.Length == 0);

        /// <summary>The width that it has at least where it is shown.</summary>
        public int Least =>
            Math.Min(
                Widest,
                IsFirst ? int.MaxValue
                    : IsSentence ? LeastSentence
                    : Cells.All(cell => Name().IsMatch(cell)) ? Math.Max(LeastName, Title.Length)
                    : int.MaxValue
            );

        // As those of tasks, data sets and backbones; "-" stands for none.
        [GeneratedRegex("^([a-z][a-z0-9-]*|-?)$")]
        private static partial Regex Name();
    }
}
