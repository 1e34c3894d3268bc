using System.CommandLine;
using ComodCluster.Api;

namespace ComodCluster.Cli.Commands;

/// <summary>Arguments that many commands share.</summary>
internal static class Arguments
{
    /// <summary>A name as the API takes it.</summary>
    public static Argument<string> Name(string kind)
    {
        var argument = new Argument<string>("name") { Description = $"Name of the {kind}.", HelpName = "NAME" };
        argument.Validators.Add(result =>
            CheckName(result.Tokens.Count == 0 ? null : result.Tokens[0].Value, kind, result.AddError)
        );
        return argument;
    }

    public static Option<string?> NameOption(string kind, string description)
    {
        var option = new Option<string?>("--name") { Description = description, HelpName = "NAME" };
        option.Validators.Add(result =>
            CheckName(result.Tokens.Count == 0 ? null : result.Tokens[0].Value, kind, result.AddError)
        );
        return option;
    }

    public static Argument<string> JobId() => new("id") { Description = "Id of the job.", HelpName = "ID" };

    private static void CheckName(string? name, string kind, Action<string> refuse)
    {
        if (name is not null && !ObjectNames.IsValid(name))
            refuse(
                $"'{name}' is no name for a {kind}: start with a lower-case letter, then at most 62 lower-case "
                    + $"letters, digits or hyphens."
            );
    }
}
