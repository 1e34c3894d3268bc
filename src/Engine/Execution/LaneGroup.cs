using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Execution;

/// <summary>What lanes must have in common to share a tile.</summary>
public readonly record struct GroupKey(string Backbone, Cut Cut, int GridHeight, int GridWidth, GainForm Form, int Rows, int OutputBucket)
{
    public static GroupKey Of(Backbone backbone, Cut cut, TaskSettings settings, int outputs)
    {
        var (_, height, width) = backbone.ShapeAt(cut, backbone.Spec.InputSize);
        return new GroupKey(backbone.Digest, cut, Math.Min(settings.Grid, height), Math.Min(settings.Grid, width), settings.GainForm, settings.Batch,
            (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)outputs));
    }
}

/// <summary>Lanes that share tiles, and the table that holds their parameters. One round is one step of each.</summary>
public sealed class LaneGroup : IDisposable
{
    private const int MaxStrikes = 3;
    private const float NonNegativeStart = 0.1f;

    private readonly TaskTable _table;
    private readonly TileExecutor _tiles;
    private readonly List<Lane> _lanes = [];
    private readonly TimeProvider _time;

    public LaneGroup(GroupKey key, Backbone backbone, PrefixCache prefixes, int tileRows, TimeProvider time)
    {
        Key = key;
        _time = time;
        var (channels, _, _) = backbone.ShapeAt(key.Cut, backbone.Spec.InputSize);
        _table = new TaskTable(channels, key.GridHeight, key.GridWidth, key.OutputBucket, backbone.FeatureWidth, backbone.Device);
        _tiles = new TileExecutor(backbone, key.Cut, key.Form, _table, prefixes, key.Rows, tileRows);
    }

    public GroupKey Key { get; }
    public int ActiveLanes => _lanes.Count(l => l.Running);
    public bool Empty => _lanes.Count == 0;
    public long Steps { get; private set; }
    public long StepRows { get; private set; }
    public long Refreshes { get; private set; }

    /// <param name="lane">Gets a slot.</param>
    /// <param name="readout">[K, D], the start of W.</param>
    /// <param name="bias">[K]</param>
    public void Add(Lane lane, float[] readout, float[] bias)
    {
        lane.Slot = _table.Take();
        _table.Write(Column.W, lane.Slot, Padded(readout, _table.Width(Column.W)));
        _table.Write(Column.B, lane.Slot, Padded(bias, _table.Width(Column.B)));
        if (lane.Settings.NonNegative)
        {
            if (lane.TrainsU) _table.Write(Column.U, lane.Slot, [.. Enumerable.Repeat(NonNegativeStart, _table.Width(Column.U))]);
            if (lane.TrainsV) _table.Write(Column.V, lane.Slot, [.. Enumerable.Repeat(NonNegativeStart, _table.Width(Column.V))]);
        }
        KeepAsBest(lane);
        _lanes.Add(lane);
    }

    public void Remove(Lane lane)
    {
        if (_lanes.Remove(lane)) _table.Release(lane.Slot);
    }

    /// <summary>One step of every running lane; yields after each tile.</summary>
    public IEnumerable<object?> Round()
    {
        Lane[] active = [.. _lanes.Where(l => l.Running)];
        foreach (var alike in active.Where(l => l.DueForRefresh).GroupBy(l => (l.Settings.Estimator, l.Settings.Nodes, l.Settings.Samples)))
        {
            foreach (var tile in alike.Chunk(_tiles.Segments))
            {
                Charge(tile, () => _tiles.Refresh(tile));
                Refreshes += tile.Length;
                yield return null;
            }
        }
        foreach (var tile in active.Chunk(_tiles.Segments))
        {
            Charge(tile, () => StepTile(tile));
            yield return null;
        }
        Lane[] due = [.. active.Where(l => l.Failure is null && l.DueForEvaluation)];
        foreach (var (lane, losses, accuracy) in EvaluateAll(due, l => l.Held))
        {
            if (losses is null) yield return null;
            else Evaluated(lane!, losses, accuracy);
        }
    }

    /// <summary>Loss of each image and accuracy; items without losses mark the end of a tile.</summary>
    public IEnumerable<(Lane? Lane, double[]? Losses, double Accuracy)> EvaluateAll(IReadOnlyList<Lane> lanes, Func<Lane, int[]> images)
    {
        var segments = lanes.SelectMany(l => images(l).Chunk(Key.Rows).Select(c => (Lane: l, Images: c))).ToArray();
        var results = lanes.ToDictionary(l => l, _ => new List<(double Loss, double Right)>());
        foreach (var tile in segments.Chunk(_tiles.Segments))
        {
            Charge([.. tile.Select(t => t.Lane)], () =>
            {
                foreach (var (segment, rows) in tile.Zip(_tiles.Evaluate(tile)))
                    results[segment.Lane].AddRange(rows.Select((r, i) => (r.Loss, Right(segment.Lane, segment.Images[i], r.Probabilities))));
            });
            yield return (null, null, 0);
        }
        foreach (var lane in lanes)
            yield return (lane, [.. results[lane].Select(r => r.Loss)], results[lane].Count == 0 ? 0 : results[lane].Average(r => r.Right));
    }

    /// <summary>Modulated features of images under the lane's present couplings, [n, D]; yields null after each tile and the features last.</summary>
    public IEnumerable<float[,]?> Features(Lane lane, int[] images)
    {
        var features = new float[images.Length, _table.Width(Column.G)];
        var at = 0;
        foreach (var tile in images.Chunk(Key.Rows).Chunk(_tiles.Segments))
        {
            Charge([lane], () =>
            {
                foreach (var part in _tiles.ModulatedFeatures([.. tile.Select(t => (lane, t))]))
                {
                    Buffer.BlockCopy(part, 0, features, at, part.Length * sizeof(float));
                    at += part.Length * sizeof(float);
                }
            });
            yield return null;
        }
        yield return features;
    }

    public float[] Read(Lane lane, Column column) => _table.Read(column, lane.Slot);

    public void Write(Lane lane, Column column, float[] values) => _table.Write(column, lane.Slot, values);

    /// <summary>Makes the best snapshot the lane's present parameters.</summary>
    public void RestoreBest(Lane lane) => _table.Copy(lane.Slot,
        (Column.UBest, Column.U), (Column.VBest, Column.V), (Column.WBest, Column.W), (Column.BBest, Column.B), (Column.GBest, Column.G));

    public void Dispose() => _table.Dispose();

    private void KeepAsBest(Lane lane) => _table.Copy(lane.Slot,
        (Column.U, Column.UBest), (Column.V, Column.VBest), (Column.W, Column.WBest), (Column.B, Column.BBest), (Column.G, Column.GBest));

    private void StepTile(Lane[] tile)
    {
        var results = _tiles.Step(tile);
        for (var i = 0; i < tile.Length; i++)
        {
            var lane = tile[i];
            Steps++;
            StepRows += Math.Min(lane.Train.Length, lane.Settings.Batch);
            if (results[i].Finite)
            {
                lane.Loss = results[i].Loss;
                lane.Step++;
            }
            else Strike(lane, results[i].Loss);
        }
    }

    /// <summary>The guard: this lane alone goes back to its last good parameters and halves its rates; after the third time it fails.</summary>
    private void Strike(Lane lane, double loss)
    {
        if (++lane.Strikes > MaxStrikes)
        {
            lane.Failure = $"the loss was {loss} at step {lane.Step} for the {lane.Strikes}th time, with rate {lane.Rate * 2:0.#####}: "
                + "lower sigma, the cap or the learning rate";
            return;
        }
        RestoreBest(lane);
        foreach (var moment in new[] { Column.UFirst, Column.VFirst, Column.WFirst, Column.BFirst, Column.USecond, Column.VSecond, Column.WSecond, Column.BSecond })
            _table.Write(moment, lane.Slot, new float[_table.Width(moment)]);
        // The step counts although it changed nothing, so that a lane that cannot move still ends.
        lane.Step++;
    }

    private void Evaluated(Lane lane, double[] losses, double accuracy)
    {
        var loss = losses.Average();
        lane.Curve.Add(new EvaluationPoint(lane.Step, lane.Loss, loss, accuracy));
        if (lane.KeepSnapshots) lane.Snapshots.Add(new LaneSnapshot(lane.Step, losses, Read(lane, Column.U), Read(lane, Column.V), Read(lane, Column.G)));
        if (!(loss < lane.BestLoss)) return;
        (lane.BestLoss, lane.BestAccuracy, lane.BestStep) = (loss, accuracy, lane.Step);
        KeepAsBest(lane);
    }

    /// <summary>1 or 0 for a class; the share of right attributes.</summary>
    private static double Right(Lane lane, int image, float[] probabilities) => lane.Task.Loss == LossKind.Classes
        ? Array.IndexOf(probabilities, probabilities.Max()) == Targets.ClassOf(lane.Task, lane.Pack, image) ? 1 : 0
        : lane.Target(image).Zip(probabilities, (t, p) => (p >= 0.5) == (t == 1) ? 1.0 : 0).Average();

    private void Charge(Lane[] tile, Action work)
    {
        var start = _time.GetTimestamp();
        work();
        var share = _time.GetElapsedTime(start).TotalSeconds / tile.Length;
        foreach (var lane in tile) lane.DeviceSeconds += share;
    }

    private static float[] Padded(float[] values, int length)
    {
        if (values.Length == length) return values;
        var padded = new float[length];
        values.CopyTo(padded, 0);
        return padded;
    }
}
