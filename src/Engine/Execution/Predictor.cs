using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// The bounded queue of images waiting for a prediction. Whatever waits when the device is free goes into one tile, tasks mixed, one row each.
/// Two tile sizes: few images do not wait for the padding of many.
/// </summary>
internal sealed class Predictor(Func<string, Backbone> resident, int capacity, int tileRows)
{
    private const int SmallTile = 8;
    private readonly LinkedList<Item> _waiting = [];
    private readonly Lock _lock = new();

    public long Predictions { get; private set; }

    public int Depth
    {
        get { lock (_lock) return _waiting.Count; }
    }

    /// <returns>Probabilities of each image, once its tile has run.</returns>
    /// <exception cref="EngineBusyException">The queue has no room for all the images; none was taken.</exception>
    public Task<float[]>[] Enqueue(ServedTask task, IReadOnlyList<float[]> pixels, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_waiting.Count + pixels.Count > capacity) throw new EngineBusyException(TimeSpan.FromSeconds(1));
            var items = pixels.Select(p => new Item(task, ServedKey.Of(task), p, new(TaskCreationOptions.RunContinuationsAsynchronously), cancellation)).ToArray();
            foreach (var item in items) _waiting.AddLast(item);
            return [.. items.Select(i => i.Result.Task)];
        }
    }

    /// <summary>Runs one tile on the device thread.</summary>
    /// <returns>False where nothing waits.</returns>
    public bool RunTile()
    {
        var items = Take();
        if (items.Count == 0) return false;
        try
        {
            using var scope = NewDisposeScope();
            var backbone = resident(items[0].Key.Backbone);
            var rows = items.Count <= SmallTile ? SmallTile : tileRows;
            var pixels = new float[rows * items[0].Pixels.Length];
            for (var i = 0; i < items.Count; i++) items[i].Pixels.CopyTo(pixels, i * items[i].Pixels.Length);
            var h = backbone.Prefix(ImageTiles.ToTensor(backbone, pixels, rows), items[0].Key.Cut);
            var probabilities = ServedTiles.Probabilities(backbone, h, [.. items.Select(i => i.Task)], 1);
            Predictions += items.Count;
            for (var i = 0; i < items.Count; i++) items[i].Result.TrySetResult(probabilities[i][0]);
        }
        catch (Exception e)
        {
            foreach (var item in items) item.Result.TrySetException(e);
        }
        return true;
    }

    /// <summary>Refuses everything that still waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var item in _waiting) item.Result.TrySetCanceled();
            _waiting.Clear();
        }
    }

    /// <summary>The oldest image, and those after it that can share its tile.</summary>
    private List<Item> Take()
    {
        var taken = new List<Item>();
        lock (_lock)
        {
            for (var node = _waiting.First; node is not null && taken.Count < tileRows;)
            {
                var (item, next) = (node.Value, node.Next);
                if (item.Cancellation.IsCancellationRequested)
                {
                    item.Result.TrySetCanceled(item.Cancellation);
                    _waiting.Remove(node);
                }
                else if (taken.Count == 0 || item.Key == taken[0].Key)
                {
                    taken.Add(item);
                    _waiting.Remove(node);
                }
                node = next;
            }
        }
        return taken;
    }

    private sealed record Item(
        ServedTask Task, ServedKey Key, float[] Pixels, TaskCompletionSource<float[]> Result, CancellationToken Cancellation);
}
