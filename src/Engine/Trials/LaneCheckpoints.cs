using System.Text.Json;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;

namespace ComodCluster.Engine.Trials;

/// <summary>Lanes of a job as bytes, and back: every column of each slot, every counter. Prefix, plans and random
/// numbers follow from the work itself. Lanes whose parameters are as large as the network are left out: they begin
/// again.</summary>
internal sealed class LaneCheckpoints
{
    private const string FormatKey = "comod.checkpoint";
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
    private readonly SafeTensors? _file;
    private readonly int _trial;

    private LaneCheckpoints(SafeTensors? file, int trial) => (_file, _trial) = (file, trial);

    /// <param name="checkpoint">What <see cref="Save"/> returned; null: from the start.</param>
    /// <param name="trials">Trials of the work.</param>
    /// <exception cref="InputException">weights-file: the bytes are damaged.</exception>
    public static LaneCheckpoints[] Of(byte[]? checkpoint, int trials)
    {
        var file = checkpoint is null ? null : SafeTensors.Read(checkpoint);
        return [.. Enumerable.Range(0, trials).Select(r => new LaneCheckpoints(file, r))];
    }

    public static byte[] Save(IReadOnlyList<TrialRun> trials)
    {
        var tensors = new List<SafeTensor>();
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal) { [FormatKey] = "1" };
        for (var r = 0; r < trials.Count; r++)
        {
            foreach (
                var (name, lane, group) in trials[r].Lanes.Where(l => NetworkChange.Of(l.Lane.Traits.Trains).Resumes)
            )
            {
                var key = $"{r}/{name}";
                foreach (var column in group.Columns)
                    Add($"{key}/{column}", group.Read(lane, column));
                for (var i = 0; i < lane.Snapshots.Count; i++)
                {
                    Add($"{key}/snapshot{i}/U", lane.Snapshots[i].U);
                    Add($"{key}/snapshot{i}/V", lane.Snapshots[i].V);
                    Add($"{key}/snapshot{i}/G", lane.Snapshots[i].G);
                }
                metadata[key] = JsonSerializer.Serialize(
                    new Counters(
                        lane.Step,
                        lane.BestLoss,
                        lane.BestAccuracy,
                        lane.BestStep,
                        lane.Strikes,
                        lane.Loss,
                        lane.DeviceSeconds,
                        lane.Failure,
                        lane.Curve,
                        [.. lane.Snapshots.Select(s => s.Step)],
                        [.. lane.Snapshots.Select(s => s.HeldOutLosses)]
                    ),
                    Json
                );
            }
        }
        if (tensors.Count == 0)
            Add("empty", [0]);
        return SafeTensors.Write(tensors, metadata);

        void Add(string name, float[] values) => tensors.Add(SafeTensor.Of(name, [values.Length], values));
    }

    public void Restore(string name, Lane lane, LaneGroup group)
    {
        var key = $"{_trial}/{name}";
        if (_file is null || !_file.Metadata.TryGetValue(key, out var json))
            return;
        var c = JsonSerializer.Deserialize<Counters>(json, Json)!;
        // Builds that chose the steps otherwise may have gone on beyond them.
        if (c.Step > lane.Steps)
            return;
        foreach (var column in group.Columns)
            group.Write(lane, column, Read($"{key}/{column}"));
        (lane.Step, lane.BestLoss, lane.BestAccuracy, lane.BestStep) = (c.Step, c.BestLoss, c.BestAccuracy, c.BestStep);
        (lane.Strikes, lane.Loss, lane.DeviceSeconds, lane.Failure) = (c.Strikes, c.Loss, c.DeviceSeconds, c.Failure);
        lane.Curve.AddRange(c.Curve);
        for (var i = 0; i < c.SnapshotSteps.Length; i++)
            lane.Snapshots.Add(
                new LaneSnapshot(
                    c.SnapshotSteps[i],
                    c.SnapshotLosses[i],
                    Read($"{key}/snapshot{i}/U"),
                    Read($"{key}/snapshot{i}/V"),
                    Read($"{key}/snapshot{i}/G")
                )
            );
    }

    private float[] Read(string tensor) => _file!.Tensors[tensor].ToFloats();

    private sealed record Counters(
        int Step,
        double BestLoss,
        double? BestAccuracy,
        int BestStep,
        int Strikes,
        double Loss,
        double DeviceSeconds,
        string? Failure,
        List<EvaluationPoint> Curve,
        int[] SnapshotSteps,
        double[][] SnapshotLosses
    );
}
