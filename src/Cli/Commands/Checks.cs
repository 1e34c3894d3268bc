using System.CommandLine;

namespace ComodCluster.Cli.Commands;

/// <summary>Bounds of numbers on the command line.</summary>
internal static class Checks
{
    public static Option<T> AtLeast<T>(int least, Option<T> option) => Between(least, int.MaxValue, option);

    public static Option<T> Between<T>(int least, int most, Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0 || !long.TryParse(result.Tokens[0].Value, out var value))
                return;
            if (value < least || value > most)
                result.AddError(
                    most == int.MaxValue
                        ? $"{option.Name} is {value}: give {least} or more."
                        : $"{option.Name} is {value}: give a number from {least} to {most}."
                );
        });
        return option;
    }
}
