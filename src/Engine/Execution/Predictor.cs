using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// The bounded queue of images waiting for a prediction. Whatever waits when the device is free goes into one batch,
/// tasks mixed, one row each. While other requests are being decoded a batch waits for them, at most
/// <see cref="EngineOptions.PredictWindow"/>; a request that is alone never waits. Two batch sizes on a processor: few
/// images do not wait for the padding of many. A GPU has one, since its kernels, and so the last bits, depend on the
/// size. Tenants share a batch by their weights, and the queue: once it is half full, nobody takes more than his part
/// of it.
/// </summary>
internal sealed class Predictor(
    Func<string, Backbone> resident,
    FairShare share,
    EngineOptions options,
    TimeProvider time
) : IDisposable
{
    private const int SmallBatch = 8;
    private const double RowSeconds = 1e-3;
    private readonly LinkedList<Item> _waiting = [];
    private readonly Dictionary<string, int> _held = []; // places in the queue by tenant
    private readonly Dictionary<int, Tensor> _staging = []; // by the side of the input; device thread only
    private readonly Lock _lock = new();
    private long _predictions,
        _batches;
    private int _admitted,
        _decoding;
    private bool _ended;

    public long Predictions => Interlocked.Read(ref _predictions);

    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Images admitted and not yet answered.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
                return _admitted;
        }
    }

    /// <summary>
    /// Room for the images of a request, before any work is done for it. <see cref="Enqueue"/> or
    /// <see cref="Withdraw"/> must follow.
    /// </summary>
    /// <exception cref="EngineBusyException">The queue has no room for all of them; none was taken.</exception>
    public void Admit(string tenant, int images)
    {
        lock (_lock)
        {
            if (
                _admitted + images > options.PredictQueue
                || _admitted + images > options.PredictQueue / 2 && HeldBy(tenant) + images > PartOf(tenant)
            )
                throw new EngineBusyException(TimeSpan.FromSeconds(1));
            Hold(tenant, images);
            _decoding++;
        }
    }

    /// <summary>The request that was admitted has no images after all.</summary>
    public void Withdraw(string tenant, int images)
    {
        lock (_lock)
        {
            Hold(tenant, -images);
            _decoding--;
        }
    }

    /// <param name="tenant">As admitted.</param>
    /// <param name="task">Task of all the images.</param>
    /// <param name="pixels">Now belong to the predictor.</param>
    /// <param name="cancellation">An image that is cancelled before its batch runs is not computed.</param>
    /// <returns>Probabilities of each image, once its batch has run.</returns>
    public Task<float[]>[] Enqueue(
        string tenant,
        ServedTask task,
        IReadOnlyList<PixelBuffer> pixels,
        CancellationToken cancellation
    )
    {
        var (key, now) = (ServedKey.Of(task), time.GetTimestamp());
        Item[] items =
        [
            .. pixels.Select(p => new Item(
                tenant,
                task,
                key,
                p,
                now,
                new(TaskCreationOptions.RunContinuationsAsynchronously),
                cancellation
            )),
        ];
        lock (_lock)
        {
            foreach (var item in items)
                _waiting.AddLast(item);
            _decoding--;
            if (_ended)
                Refuse();
        }
        return [.. items.Select(i => i.Result.Task)];
    }

    /// <summary>Runs one batch on the device thread.</summary>
    public PredictTurn RunBatch()
    {
        if (Filling())
            return PredictTurn.Filling;
        var items = Take();
        if (items.Count == 0)
            return PredictTurn.Idle;
        var start = time.GetTimestamp();
        try
        {
            using var scope = NewDisposeScope();
            var backbone = resident(items[0].Key.Backbone);
            var images = Stage(backbone, items);
            var probabilities = ServedBatches.Probabilities(backbone, images, [.. items.Select(i => i.Task)]);
            Interlocked.Add(ref _predictions, items.Count);
            Interlocked.Increment(ref _batches);
            for (var i = 0; i < items.Count; i++)
                items[i].Result.TrySetResult(probabilities[i]);
        }
        catch (Exception e)
        {
            foreach (var item in items)
                item.Result.TrySetException(e);
        }
        var seconds = time.GetElapsedTime(start).TotalSeconds / items.Count;
        foreach (var item in items)
        {
            share.Charge(item.Tenant, seconds);
            item.Pixels.Dispose();
        }
        return PredictTurn.Ran;
    }

    /// <summary>
    /// Refuses everything that still waits, and releases the tensors: the last call, on the device thread.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            Refuse();
        }
        foreach (var tensor in _staging.Values)
            tensor.Dispose();
    }

    private void Refuse()
    {
        foreach (var item in _waiting)
        {
            item.Result.TrySetCanceled();
            item.Pixels.Dispose();
        }
        _waiting.Clear();
    }

    private bool Filling()
    {
        lock (_lock)
        {
            return _decoding > 0
                && _waiting.First is { } oldest
                && _waiting.Count < ServedBatches.Rows
                && time.GetElapsedTime(oldest.Value.Since) < options.PredictWindow;
        }
    }

    /// <returns>[8 or 64, 3, S, S]; rows beyond the items are zero.</returns>
    private Tensor Stage(Backbone backbone, List<Item> items)
    {
        int side = backbone.Spec.InputSize,
            rows = items.Count <= SmallBatch && backbone.Device.type == DeviceType.CPU
                ? SmallBatch
                : ServedBatches.Rows;
        if (!_staging.TryGetValue(side, out var staging))
            _staging[side] = staging = zeros([ServedBatches.Rows, RgbImage.Channels, side, side])
                .DetachFromDisposeScope();
        var values = staging.Floats();
        var length = RgbImage.Channels * side * side;
        for (var i = 0; i < rows; i++)
        {
            var row = values.Slice(i * length, length);
            if (i < items.Count)
                items[i].Pixels.Values.CopyTo(row);
            else
                row.Clear();
        }
        return staging.narrow(0, 0, rows).to(backbone.Device);
    }

    /// <summary>The oldest image of the tenant whose turn it is, and those that can share its batch.</summary>
    private List<Item> Take()
    {
        var taken = new List<Item>();
        lock (_lock)
        {
            // One tenant alone: the list as it is. Several: one pass to order what waits, which a batch's computation
            // outweighs.
            foreach (
                var node in _held.Count <= 1 ? Nodes() : share.Order([.. Nodes()], n => n.Value.Tenant, RowSeconds)
            )
            {
                var item = node.Value;
                if (item.Cancellation.IsCancellationRequested)
                {
                    item.Result.TrySetCanceled(item.Cancellation);
                    item.Pixels.Dispose();
                    Leave(node);
                }
                else if (taken.Count == 0 || item.Key == taken[0].Key)
                {
                    taken.Add(item);
                    Leave(node);
                    if (taken.Count == ServedBatches.Rows)
                        break;
                }
            }
        }
        return taken;
    }

    private IEnumerable<LinkedListNode<Item>> Nodes()
    {
        for (var node = _waiting.First; node is not null; )
        {
            var next = node.Next;
            yield return node;
            node = next;
        }
    }

    private int HeldBy(string tenant) => _held.GetValueOrDefault(tenant);

    private void Hold(string tenant, int images)
    {
        _admitted += images;
        if (HeldBy(tenant) + images is > 0 and var held)
            _held[tenant] = held;
        else
            _held.Remove(tenant);
    }

    /// <summary>Places by weight among those who wait and one more, who may come.</summary>
    private double PartOf(string tenant)
    {
        var own = share.WeightOf(tenant);
        return options.PredictQueue * own / (_held.Keys.Where(t => t != tenant).Sum(share.WeightOf) + own + 1);
    }

    private void Leave(LinkedListNode<Item> node)
    {
        _waiting.Remove(node);
        Hold(node.Value.Tenant, -1);
    }

    private sealed record Item(
        string Tenant,
        ServedTask Task,
        ServedKey Key,
        PixelBuffer Pixels,
        long Since,
        TaskCompletionSource<float[]> Result,
        CancellationToken Cancellation
    );
}
