using System.CommandLine;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class PredictCommand : ClientCommand
{
    /// <summary>Images that the API takes in one request.</summary>
    private const int Most = 64;

    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Argument<FileInfo[]> _images = new("images")
    {
        Description = "PNG, JPEG, WebP or BMP files.",
        HelpName = "IMAGE...",
        Arity = ArgumentArity.OneOrMore,
    };

    public PredictCommand(Terminal terminal)
        : base(
            terminal,
            "predict",
            "Asks a task about images.",
            "comod task predict gear-or-washer photo.jpg",
            "comod task predict gear-or-washer *.png -o json"
        )
    {
        Arguments.Add(_name);
        Arguments.Add(_images.AcceptExistingOnly());
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        var files = arguments.GetRequiredValue(_images);
        var answers = new List<PredictResponse>();
        foreach (var part in files.Chunk(Most))
            answers.Add(
                await client.Tasks.Predict(
                    name,
                    await Task.WhenAll(part.Select(file => File.ReadAllBytesAsync(file.FullName, cancellation))),
                    cancellation
                )
            );
        if (arguments.IsJson())
            Terminal.Json(answers[0] with { Predictions = [.. answers.SelectMany(answer => answer.Predictions)] });
        else
            Write(files.Zip(answers.SelectMany(answer => answer.Predictions)).ToArray(), answers[0]);
        return 0;
    }

    private void Write((FileInfo File, Prediction Prediction)[] rows, PredictResponse answer)
    {
        (string, Func<(FileInfo File, Prediction Prediction), string?>)[] columns =
        [
            ("image", row => row.File.Name),
            ("label", row => row.Prediction.Label),
            .. answer
                .Classes.Take(8)
                .Select(
                    (label, index) =>
                        (
                            label,
                            (Func<(FileInfo File, Prediction Prediction), string?>)(
                                row => Format.Share(row.Prediction.Probabilities[index])
                            )
                        )
                ),
            ("version", _ => VersionText.Of(answer.Version)),
        ];
        Listing.Write(Terminal, rows, "", columns);
    }
}
