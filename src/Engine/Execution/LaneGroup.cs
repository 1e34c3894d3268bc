using System.Runtime.ExceptionServices;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Lanes that share batches, and the table that holds their parameters. One round is one step of each. A full table is
/// not moved into a larger one:
/// further lanes of its key form another group. A lane whose tasks cannot share a batch has a group to itself.
/// </summary>
public sealed class LaneGroup : IDisposable
{
    private const int MaxStrikes = 3,
        LeastLanes = 8,
        MostLanes = 512;
    private const long TableBytes = 32 << 20;
    private const double FirstStepSeconds = 0.01;

    private readonly Backbone _backbone;
    private readonly NetworkChange _change;
    private readonly TaskTable _table;
    private readonly BatchExecutor _batches;
    private readonly List<Lane> _lanes = [];
    private readonly TimeProvider _time;
    private long _rounds;

    public LaneGroup(GroupKey key, Backbone backbone, ActivationCache activations, int batchRows, TimeProvider time)
    {
        Key = key;
        (_backbone, _change, _time) = (backbone, NetworkChange.Of(key.Part), time);
        _table = _change.Packs
            ? new TaskTable(
                key.Slot,
                (int)Math.Clamp(TableBytes / key.Slot.Bytes, LeastLanes, MostLanes) + 1,
                backbone.Device
            )
            : new TaskTable(key.Slot, 1, backbone.Device, scratch: false);
        _batches = new BatchExecutor(backbone, key, _table, activations, batchRows);
    }

    public GroupKey Key { get; }
    public int ActiveLanes => _lanes.Count(l => l.Running);
    public bool Empty => _lanes.Count == 0;
    public bool Full => _table.FreeSlots == 0;

    /// <summary>
    /// Rows that the network sees at once; fewer than configured once the device's memory did not suffice.
    /// </summary>
    public int BatchRows => _batches.BatchRows;
    public long Steps { get; private set; }
    public long StepRows { get; private set; }
    public long Refreshes { get; private set; }

    /// <param name="lane">Gets a slot.</param>
    /// <param name="readout">[K, D], the start of W.</param>
    /// <param name="bias">[K]</param>
    public void Add(Lane lane, float[] readout, float[] bias)
    {
        lane.Slot = _table.Take();
        WriteStart(lane, readout, bias);
        _table.KeepAsBest(lane.Slot);
        _lanes.Add(lane);
    }

    /// <summary>Makes the parameters that the lane started from its present ones.</summary>
    /// <inheritdoc cref="Add"/>
    public void WriteStart(Lane lane, float[] readout, float[] bias)
    {
        var u = _change.StartOfU(_backbone, Key.Slot.Network, lane.Settings);
        _table.Write(Column.W, lane.Slot, Padded(readout, _table.Width(Column.W)));
        _table.Write(Column.B, lane.Slot, Padded(bias, _table.Width(Column.B)));
        _table.Write(Column.U, lane.Slot, u ?? new float[_table.Width(Column.U)]);
        _table.Write(Column.V, lane.Slot, new float[_table.Width(Column.V)]);
        _table.Write(Column.G, lane.Slot, [.. Enumerable.Repeat(1f, _table.Width(Column.G))]);
    }

    public void Remove(Lane lane)
    {
        if (_lanes.Remove(lane))
            _table.Release(lane.Slot);
    }

    /// <summary>
    /// One step of the running lanes whose turn it is; yields after each batch the lanes that it served.
    /// </summary>
    /// <param name="share">Decides whose turn it is; null: everybody's.</param>
    public IEnumerable<IReadOnlyList<Lane>> Round(FairShare? share = null)
    {
        Lane[] active = [.. _lanes.Where(l => l.Running)];
        // Those that stepped longest ago come first in their tenant.
        if (share is not null)
            active = share.Round([.. active.OrderBy(l => l.Round)], l => l.Tenant, StepSeconds, _batches.Segments);
        _rounds++;
        foreach (var lane in active)
            lane.Round = _rounds;
        foreach (
            var alike in active
                .Where(l => l.DueForRefresh)
                .GroupBy(l => (l.Traits.Gain, l.Settings.Estimator, l.Settings.Samples))
        )
        {
            foreach (var batch in Batches([.. alike], l => l, RefreshBatch))
                yield return batch;
        }
        foreach (var batch in Batches(active, l => l, StepBatch))
            yield return batch;
        Lane[] due = [.. active.Where(l => l.Failure is null && l.DueForEvaluation)];
        foreach (var (lane, losses, accuracy) in EvaluateAll(due, l => l.Held))
        {
            if (losses is null)
                yield return due;
            else
                Evaluated(lane!, losses, accuracy);
        }
    }

    /// <summary>What a lane's step takes with all that belongs to it, about.</summary>
    private double StepSeconds =>
        Steps == 0 ? FirstStepSeconds : _lanes.Sum(l => l.DeviceSeconds) / Math.Max(1, _lanes.Sum(l => l.Step));

    /// <summary>
    /// Loss of each image and accuracy; items without losses mark the end of a batch. Lanes that fail are left out.
    /// </summary>
    public IEnumerable<(Lane? Lane, double[]? Losses, double Accuracy)> EvaluateAll(
        IReadOnlyList<Lane> lanes,
        Func<Lane, int[]> images
    )
    {
        var results = lanes.ToDictionary(l => l, _ => new List<(double Loss, double Right)>());
        foreach (
            var _ in Batches(
                [.. lanes.SelectMany(l => images(l).Chunk(Key.Rows).Select(c => (Lane: l, Images: c)))],
                s => s.Lane,
                EvaluateBatch
            )
        )
            yield return (null, null, 0);
        foreach (var lane in lanes.Where(l => l.Error is null))
            yield return (
                lane,
                [.. results[lane].Select(r => r.Loss)],
                results[lane].Count == 0 ? 0 : results[lane].Average(r => r.Right)
            );

        void EvaluateBatch((Lane Lane, int[] Images)[] batch)
        {
            foreach (var (segment, rows) in batch.Zip(_batches.Evaluate(batch)))
                results[segment.Lane]
                    .AddRange(
                        rows.Select((r, i) => (r.Loss, RightOf(segment.Lane, segment.Images[i], r.Probabilities)))
                    );
        }
    }

    /// <summary>
    /// Modulated features of images under the lane's present couplings, [n, D]; yields null after each batch and the
    /// features last.
    /// </summary>
    public IEnumerable<float[,]?> Features(Lane lane, int[] images)
    {
        var features = new float[images.Length, Key.Slot.Features];
        var at = 0;
        foreach (var _ in Batches(images.Chunk(Key.Rows).ToArray(), _ => lane, FeaturesBatch))
            yield return null;
        if (lane.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
        yield return features;

        void FeaturesBatch(int[][] batch)
        {
            foreach (var part in _batches.ModulatedFeatures([.. batch.Select(t => (lane, t))]))
            {
                Buffer.BlockCopy(part, 0, features, at, part.Length * sizeof(float));
                at += part.Length * sizeof(float);
            }
        }
    }

    /// <summary>Those that hold anything.</summary>
    public IEnumerable<Column> Columns => Enum.GetValues<Column>().Where(c => _table.Width(c) > 0);

    public float[] Read(Lane lane, Column column) => _table.Read(column, lane.Slot);

    public void Write(Lane lane, Column column, float[] values) => _table.Write(column, lane.Slot, values);

    /// <summary>Makes the best snapshot the lane's present parameters.</summary>
    public void RestoreBest(Lane lane) => _table.RestoreBest(lane.Slot);

    public void Dispose() => _table.Dispose();

    /// <summary>
    /// Runs batches of at most S items; yields each after it ran. What a batch throws ends only the lanes that throw it
    /// when they are alone.
    /// </summary>
    private IEnumerable<T[]> Batches<T>(T[] items, Func<T, Lane> laneOf, Action<T[]> work)
    {
        for (var at = 0; at < items.Length; )
        {
            var batch = items[at..Math.Min(items.Length, at + _batches.Segments)];
            if (Run(batch, laneOf, work))
                at += batch.Length;
            yield return batch;
        }
    }

    /// <returns>False where the batch must be tried again with fewer rows.</returns>
    private bool Run<T>(T[] batch, Func<T, Lane> laneOf, Action<T[]> work)
    {
        var start = _time.GetTimestamp();
        try
        {
            work(batch);
        }
        catch (Exception e) when (DeviceMemory.IsExhausted(e))
        {
            if (_batches.Halve())
            {
                DeviceMemory.CountHalving();
                return false;
            }
            foreach (var item in batch)
                laneOf(item).Error = new DeviceMemoryException(e);
        }
        catch (Exception e)
        {
            if (batch.Length == 1)
                laneOf(batch[0]).Error = e;
            else
                foreach (var item in batch)
                    Run([item], laneOf, work);
        }
        var share = _time.GetElapsedTime(start).TotalSeconds / batch.Length;
        foreach (var item in batch)
            laneOf(item).DeviceSeconds += share;
        return true;
    }

    private void RefreshBatch(Lane[] batch)
    {
        _batches.Refresh(batch);
        Refreshes += batch.Length;
    }

    private void StepBatch(Lane[] batch)
    {
        var results = _batches.Step(batch);
        for (var i = 0; i < batch.Length; i++)
        {
            var lane = batch[i];
            Steps++;
            StepRows += Math.Min(lane.Train.Length, lane.Settings.Batch);
            if (results[i].Finite)
            {
                lane.Loss = results[i].Loss;
                lane.Step++;
            }
            else
                Strike(lane, results[i].Loss);
        }
    }

    /// <summary>
    /// The guard: this lane alone goes back to its last good parameters and halves its rates; after the third time it
    /// fails.
    /// </summary>
    private void Strike(Lane lane, double loss)
    {
        if (++lane.Strikes > MaxStrikes)
        {
            lane.Failure =
                $"the loss was {loss} at step {lane.Step} for the {lane.Strikes}th time, with rate "
                + $"{lane.Rate * 2:0.#####}: "
                + "lower sigma, the cap or the learning rate";
            return;
        }
        RestoreBest(lane);
        for (var moment = Column.UFirst; moment <= Column.GSecond; moment++)
            _table.Write(moment, lane.Slot, new float[_table.Width(moment)]);
        // The step counts although it changed nothing, so that a lane that cannot move still ends.
        lane.Step++;
    }

    private void Evaluated(Lane lane, double[] losses, double accuracy)
    {
        var loss = losses.Average();
        lane.Curve.Add(new EvaluationPoint(lane.Step, lane.Loss, loss, accuracy));
        if (lane.KeepSnapshots)
        {
            lane.Snapshots.Add(
                lane.TrainsReadout
                    ? new LaneSnapshot(
                        lane.Step,
                        losses,
                        Read(lane, Column.U),
                        Read(lane, Column.V),
                        Read(lane, Column.G)
                    )
                    : new LaneSnapshot(lane.Step, losses, [], [], [])
            );
        }
        if (!(loss < lane.BestLoss))
            return;
        (lane.BestLoss, lane.BestAccuracy, lane.BestStep) = (loss, accuracy, lane.Step);
        _table.KeepAsBest(lane.Slot);
    }

    private static double RightOf(Lane lane, int image, float[] probabilities) =>
        lane.Task.ReadoutLoss.Right(probabilities, Targets.Of(lane.Task, lane.Pack, image));

    private static float[] Padded(float[] values, int length)
    {
        if (values.Length == length)
            return values;
        var padded = new float[length];
        values.CopyTo(padded, 0);
        return padded;
    }
}
