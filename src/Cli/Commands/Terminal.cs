using Spectre.Console;

namespace ComodCluster.Cli.Commands;

/// <summary>
/// Where a command writes: results to <see cref="Out"/>, progress and errors to <see cref="Error"/>, JSON to
/// <see cref="Raw"/>.
/// </summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Raw">Standard output without wrapping or colours.</param>
/// <param name="Live">Whether bars may redraw themselves on standard error.</param>
internal sealed record Terminal(IAnsiConsole Out, IAnsiConsole Error, TextWriter Raw, bool Live)
{
    /// <summary>Columns of a file or pipe: no line of it is wrapped.</summary>
    private const int RedirectedWidth = 2000;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() =>
        new(
            Console(System.Console.Out, System.Console.IsOutputRedirected),
            Console(System.Console.Error, System.Console.IsErrorRedirected),
            System.Console.Out,
            !System.Console.IsErrorRedirected
        );

    /// <summary>A line of plain text on standard output.</summary>
    public void Line(string text = "") => Out.WriteLine(text);

    /// <summary>A line about what is going on, on standard error.</summary>
    public void Note(string text) => Error.MarkupLineInterpolated($"[grey]{text}[/]");

    public void Json<T>(T value) => Raw.WriteLine(System.Text.Json.JsonSerializer.Serialize(value, Pretty));

    public static System.Text.Json.JsonSerializerOptions Pretty { get; } =
        new(System.Text.Json.JsonSerializerOptions.Web)
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
