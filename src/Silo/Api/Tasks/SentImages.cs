using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Api.Tasks;

/// <summary>The images of a prediction, some of which may be bad.</summary>
/// <param name="partial">Whether the others are answered where some are bad; else all are refused.</param>
public sealed class SentImages(IReadOnlyList<SentImage> images, bool partial)
{
    private readonly ImageRefusal?[] _refused = [.. images.Select(image => image.Refusal)];

    /// <param name="ask">Asks the task about images, one or more.</param>
    /// <param name="task">The task, for an answer without any image.</param>
    /// <exception cref="ComodException">Of <paramref name="ask"/>; where images are to blame, it names
    /// them.</exception>
    public async Task<PredictResponse> Predict(
        Func<IReadOnlyList<byte[]>, Task<PredictResponse>> ask,
        Func<Task<TaskInfo>> task
    )
    {
        while (true)
        {
            var asked = Enumerable.Range(0, images.Count).Where(i => _refused[i] is null).ToArray();
            if (asked.Length < images.Count && !partial)
                throw Refusal();
            try
            {
                var answer =
                    asked.Length == 0 ? Empty(await task()) : await ask([.. asked.Select(i => images[i].Bytes)]);
                return asked.Length == images.Count ? answer : Among(answer, asked);
            }
            catch (ComodException e) when (e.Images is { Count: > 0 } found)
            {
                // Indices are of what was asked. All that are bad are found at once, so this happens once.
                foreach (var refused in found)
                    Refuse(asked[refused.Index], refused);
            }
        }
    }

    private void Refuse(int index, ImageRefusal refusal) =>
        _refused[index] = refusal with { Index = index, Name = images[index].Name };

    private PredictResponse Among(PredictResponse answer, int[] asked) =>
        answer with
        {
            Predictions =
            [
                .. _refused.Select(
                    (refused, i) =>
                        refused is null
                            ? answer.Predictions[Array.IndexOf(asked, i)]
                            : new Prediction("", []) { Error = refused }
                ),
            ],
        };

    private static PredictResponse Empty(TaskInfo task) =>
        new()
        {
            Task = task.Spec.Name,
            Version = task.ActiveVersion,
            Classes = task.Classes,
            Predictions = [],
        };

    private ComodException Refusal()
    {
        var refused = _refused.OfType<ImageRefusal>().ToArray();
        var first = refused[0];
        var name = first.Name is { } given ? $" ({given})" : "";
        var others = refused.Length > 1 ? $" {refused.Length - 1} more cannot be used." : "";
        return new(
            first.Code,
            ErrorCatalog.StatusOf(first.Code, StatusCodes.Status422UnprocessableEntity),
            images.Count == 1
                ? first.Message
                : $"Image {first.Index + 1} of {images.Count}{name}: {first.Message}{others}"
        )
        {
            Images = refused,
        };
    }
}
