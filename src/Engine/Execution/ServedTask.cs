using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// An immutable snapshot to predict with: what of the network is the task's own, and one readout into which the decoder
/// gain is folded, with the place where it reads the network.
/// </summary>
public sealed class ServedTask
{
    private ServedTask(TaskDefinition task, TaskSettings settings, string backboneDigest, TaskState? state)
    {
        (Task, Settings, BackboneDigest, State) = (task, settings, backboneDigest, state);
        Part =
            state is null || state.Channel.Length + state.Spatial.Length + state.First.Length == 0
                ? NetworkPart.None
                : MethodTraits.Of(settings.Method).Trains;
        Cut = NetworkChange.Of(Part).From(Cut.Parse(settings.Cut));
        Bound = (float)(settings.Cap / Math.Abs(settings.Mu));
        if (state is null || state.Placed is not null)
            return;
        Readout = [.. state.Readout];
        if (state.GainFolded)
            return;
        for (var i = 0; i < Readout.Length; i++)
            Readout[i] *= state.DecoderGain[i % state.DecoderGain.Length];
    }

    public TaskDefinition Task { get; }
    public TaskSettings Settings { get; }
    public string BackboneDigest { get; }

    /// <summary>Null for the base.</summary>
    public TaskState? State { get; }

    /// <summary>What of the network is the task's own.</summary>
    public NetworkPart Part { get; }

    /// <summary>Where the network begins to be the task's own; <see cref="Cut.Pool"/> where it is not.</summary>
    public Cut Cut { get; }

    /// <summary>Where its readout reads the network.</summary>
    public ReadoutPlace Place => State?.Placed?.Stored.Place ?? ReadoutPlace.Penultimate;

    /// <summary>Its parameters inside the network; empty where there are none.</summary>
    internal (float[] U, float[] V) Parameters =>
        State is null ? ([], [])
        : Part == NetworkPart.Couplings ? (State.Channel, State.Spatial)
        : (State.First, State.Second);

    /// <summary>Bound of |c|: cap / |mu|.</summary>
    public float Bound { get; }

    /// <summary>
    /// W g, [K, D]; null for the base, which takes rows of the backbone's head, and where the readout is placed.
    /// </summary>
    private float[]? Readout { get; }

    public static ServedTask Of(TaskState state) => new(state.Task, state.Settings, state.BackboneDigest, state);

    /// <param name="features">At <see cref="Place"/>, [D].</param>
    /// <param name="scores">Logits, [K].</param>
    public void Scores(Backbone backbone, ReadOnlySpan<float> features, Span<float> scores)
    {
        if (State?.Placed is { } placed)
        {
            placed.Stored.Scores(features, scores);
            return;
        }
        for (var k = 0; k < scores.Length; k++)
            scores[k] = State is { } state
                ? TensorPrimitives.Dot(features, Readout.AsSpan(k * features.Length, features.Length)) + state.Bias[k]
                : TensorPrimitives.Dot(features, backbone.HeadRow(Task.HeadRows[k]))
                    + backbone.HeadOffset(Task.HeadRows[k]);
    }

    /// <summary>The unmodulated backbone with its own head.</summary>
    /// <exception cref="ArgumentException">The task has classes of its own: it has no base that answers.</exception>
    public static ServedTask Base(TaskDefinition task, string backboneDigest)
    {
        if (task.Mode != ReadoutMode.Head)
            throw new ArgumentException(
                "A task with new classes has no readout before its first version.",
                nameof(task)
            );
        return new ServedTask(task, new TaskSettings { Method = Method.Readout }, backboneDigest, null);
    }
}
