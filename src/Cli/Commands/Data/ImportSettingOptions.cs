using System.CommandLine;
using ComodCluster.Api.Datasets;

namespace ComodCluster.Cli.Commands.Data;

/// <summary>Options that say how an archive is read, where that is not found out.</summary>
internal sealed class ImportSettingOptions
{
    private readonly Option<string?> _layout = new Option<string?>("--layout")
    {
        Description = "How images have their classes [found out].",
        HelpName = "LAYOUT",
    }.AcceptOnlyFromAmong([.. Enum.GetValues<ImportLayout>().Select(Format.Name)]);
    private readonly Option<string?> _train = new("--train")
    {
        Description = "Folder of the training part, where its name does not say so; others are left out.",
        HelpName = "FOLDER",
    };
    private readonly Option<string?> _test = new("--test")
    {
        Description = "Folder of the test part; goes with --train.",
        HelpName = "FOLDER",
    };
    private readonly Option<string?> _encoding = new("--encoding")
    {
        Description = "Encoding of names that are not Unicode, as cp437, latin1 or shift_jis.",
        HelpName = "NAME",
    };
    private readonly Option<bool> _skipUnreadable = new("--skip-unreadable")
    {
        Description = "Leaves out images that cannot be read, and reports them.",
    };

    public void AddTo(Command command)
    {
        Option[] options = [_layout, _train, _test, _encoding, _skipUnreadable];
        foreach (var option in options)
            command.Options.Add(option);
    }

    public ImportSettings Of(ParseResult arguments) =>
        new()
        {
            Layout = arguments.GetValue(_layout) is { } layout
                ? Enum.Parse<ImportLayout>(layout, ignoreCase: true)
                : null,
            Train = arguments.GetValue(_train),
            Test = arguments.GetValue(_test),
            Encoding = arguments.GetValue(_encoding),
            SkipUnreadable = arguments.GetValue(_skipUnreadable),
        };
}
