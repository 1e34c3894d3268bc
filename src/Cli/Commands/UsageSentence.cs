using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace ComodCluster.Cli.Commands;

/// <summary>What is wrong with a command line, in words of its user: the library's name types of .NET.</summary>
internal static partial class UsageSentence
{
    /// <summary>One line: cause and, where the value is wrong, what to write instead.</summary>
    /// <param name="errors">One or more, of which one is told.</param>
    public static string Of(IReadOnlyList<ParseError> errors) =>
        // A bound of this program's own says more than that a number is too large for its type.
        Of(errors.FirstOrDefault(RefusedOption.Is) ?? errors.FirstOrDefault(error => !IsOfType(error)) ?? errors[0]);

    private static bool IsOfType(ParseError error) => error.Message.Contains("expected type", StringComparison.Ordinal);

    private static string Of(ParseError error) =>
        error.SymbolResult switch
        {
            OptionResult { Tokens: [var token] } option => Of(
                option.Option.Name,
                option.Option.ValueType,
                option.Option,
                token.Value,
                error
            ),
            ArgumentResult { Tokens: [.., var token] } argument => Of(
                argument.Argument.HelpName ?? argument.Argument.Name,
                argument.Argument.ValueType,
                argument.Argument,
                token.Value,
                error
            ),
            _ => OneLine(error.Message),
        };

    private static string Of(string name, Type type, Symbol symbol, string value, ParseError error)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        if (error.Message.Contains("Must be one of", StringComparison.Ordinal))
            return $"{name} is '{value}': choose of {Names(symbol.GetCompletions(CompletionContext.Empty).Select(c => c.Label))}.";
        if (!IsOfType(error))
            return OneLine(error.Message);
        return $"{name} is '{value}': "
            + (
                kind.IsEnum ? $"choose of {Names(Enum.GetNames(kind).Select(n => n.ToLowerInvariant()))}."
                : kind == typeof(bool) ? "give true or false, or the option alone."
                : kind == typeof(int) ? "give a whole number."
                : kind == typeof(double) ? "give a number."
                : "give another value."
            );
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static string OneLine(string message) => Spaces().Replace(message, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
