using System.CommandLine;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class PredictCommand : ClientCommand
{
    /// <summary>Classes with a column of their own.</summary>
    private const int MostClasses = 8;

    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Argument<string[]> _images = new("images")
    {
        Description =
            "PNG, JPEG, WebP or BMP files, folders of them, patterns in quotes, or - for an image from standard input.",
        HelpName = "IMAGE...",
        Arity = ArgumentArity.OneOrMore,
    };

    public PredictCommand(Terminal terminal)
        : base(
            terminal,
            "predict",
            "Asks a task about images; fails where one of them cannot be used, with answers for the others.",
            "comod task predict gear-or-washer photo.jpg",
            "comod task predict gear-or-washer photos/",
            "comod task predict gear-or-washer *.png -o json"
        )
    {
        _images.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (UserFiles.FaultOf(token.Value) is { } fault)
                    result.AddError(fault);
        });
        Arguments.Add(_name);
        Arguments.Add(_images);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        var files = UserFiles.Of(arguments.GetRequiredValue(_images));
        if (files.Count == 0)
            throw new UsageException("There is no image in the folder: name files, or a folder with images.");
        var predictions = new FilePredictions(client, Terminal);
        var answers = await predictions.Ask(name, files, cancellation);
        if (arguments.IsJson())
            Terminal.Json(Document(name, predictions.Last, answers));
        else
            Write(answers, predictions.Last?.Classes ?? []);
        var failed = answers.Count(answer => answer.Error is not null);
        if (failed == 0)
            return 0;
        Terminal.Note($"{failed} of {answers.Count} images have no answer.");
        return Failures.Failed;
    }

    /// <summary>As the API answers, with the name of each file.</summary>
    private static object Document(string task, PredictResponse? last, IEnumerable<PredictedFile> answers) =>
        new
        {
            Task = task,
            last?.Version,
            Classes = last?.Classes ?? [],
            Predictions = answers.Select(answer => new
            {
                answer.Image,
                answer.Version,
                Label = answer.Answer?.Label ?? "",
                Probabilities = answer.Answer?.Probabilities ?? [],
                Error = answer.Error is { } error ? new { error.Code, error.Message } : null,
            }),
        };

    private void Write(IReadOnlyList<PredictedFile> answers, IReadOnlyList<string> classes)
    {
        var columns = new List<(string, Func<PredictedFile, string?>)>
        {
            ("image", file => file.Image),
            ("label", file => file.Answer?.Label),
        };
        for (var i = 0; i < Math.Min(classes.Count, MostClasses); i++)
        {
            var index = i;
            columns.Add((classes[i], file => Format.Share(file.Answer?.Probabilities[index])));
        }
        if (answers.Any(file => file.Version is not null))
            columns.Add(("version", file => file.Version is { } version ? VersionText.Of(version) : null));
        Listing.Write(Terminal, answers, "", [.. columns]);
        foreach (var answer in answers)
            if (answer.Error is { } error)
                Terminal.Note($"{answer.Image}: {error.Code}: {error.Message}");
    }
}
