using Spectre.Console;

namespace ComodCluster.Cli.Commands;

/// <summary>A listing as a plain table: no frame, one line for each thing.</summary>
internal static class Listing
{
    /// <param name="columns">Titles with the cell that each gives for a thing.</param>
    public static void Write<T>(Terminal terminal, IReadOnlyCollection<T> things, string none, params ReadOnlySpan<(string Title, Func<T, string?> Cell)> columns)
    {
        if (things.Count == 0)
        {
            terminal.Note(none);
            return;
        }
        var table = new Table { Border = TableBorder.None };
        foreach (var (title, _) in columns) table.AddColumn(new TableColumn(new Text(title.ToUpperInvariant(), new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new(0, 0, 3, 0) });
        var cells = columns.ToArray();
        foreach (var thing in things) table.AddRow(cells.Select(column => new Text(column.Cell(thing) ?? "-")));
        terminal.Out.Write(table);
    }

    /// <summary>Names and values below each other.</summary>
    public static void Write(Terminal terminal, params ReadOnlySpan<(string Name, string? Value)> lines)
    {
        var width = 0;
        foreach (var (name, _) in lines) width = Math.Max(width, name.Length);
        foreach (var (name, value) in lines)
            if (!string.IsNullOrEmpty(value))
                terminal.Line($"{name.PadRight(width)}   {value}");
    }
}
