using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ComodCluster.Cli.Commands;

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Help is given also where arguments are missing.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ExampledCommand { Examples.Count: > 0 } command)
            return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in command.Examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }

    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is HelpAction usual)
                option.Action = new ExamplesHelp(usual);
    }
}
