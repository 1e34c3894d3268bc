using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Training;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Trials;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine;

/// <summary>
/// Frozen backbones and the tasks that run on them, on one device. Thread-safe; no caller's thread ever runs tensor
/// code.
/// Trials of all running adaptations share batches; predictions come first.
/// </summary>
public sealed class TaskEngine : IAsyncDisposable
{
    private const int MostPlans = 4,
        ProcessorBatch = 64,
        GpuBatch = 256;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Device _device;
    private readonly Precision _precision;
    private readonly ExecutionProfile _profile;
    private readonly Dictionary<string, Backbone> _backbones = []; // device thread only
    private readonly List<LaneGroup> _groups = []; // written on the device thread only
    private readonly List<AdaptationRun> _runs = []; // device thread only
    private readonly ActivationCache _activations;
    private readonly FairShare _share;
    private readonly Predictor _predictor;
    private readonly HostWork _host;
    private readonly DecodeQueue _decoding;
    private readonly ForegroundWork _foreground;
    private readonly DeviceHealth _health;
    private readonly DeviceThread _thread;
    private readonly CrowdWatch? _watch;
    private readonly IEnumerator<bool> _background;
    private volatile IReadOnlyDictionary<string, BackboneSummary> _resident = new Dictionary<string, BackboneSummary>();
    private (long Steps, long Rows, long Refreshes) _retired;
    private int _disposed,
        _plans;

    /// <exception cref="InputException">settings-invalid; the device is asked for and not there.</exception>
    public TaskEngine(EngineOptions options, TimeProvider time)
        : this(options, time, DeviceHealth.Compute) { }

    /// <param name="examine">See <see cref="DeviceHealth"/>.</param>
    internal TaskEngine(EngineOptions options, TimeProvider time, Action<Device> examine)
    {
        options.Validate();
        _device = LibTorch.ChooseDevice(options.Device);
        if (_device.type == DeviceType.CUDA)
            LibTorch.MakeRepeatable();
        if (options.BatchRows == 0)
            options = options with { BatchRows = _device.type == DeviceType.CPU ? ProcessorBatch : GpuBatch };
        (_options, _time) = (options, time);
        _precision = Precisions.Choose(options.Precision, _device);
        if (options.Threads > 0)
            LibTorch.SetThreads(options.Threads);
        else
            LibTorch.FitThreads();
        _profile = new ExecutionProfile(
            _precision.ToString().ToLowerInvariant(),
            options.BatchRows,
            LibTorch.Threads,
            _device.type == DeviceType.CPU ? null : _device.ToString()
        );
        _activations = new ActivationCache(
            options.ActivationCacheBytes,
            options.BatchRows,
            options.ActivationFolder,
            options.ActivationDiskBytes
        );
        _share = new FairShare(options.TenantWeights);
        _host = new HostWork(() => _thread!.Wake());
        _predictor = new Predictor(Resident, _share, options, time);
        _decoding = DecodeQueue.Of(_share, time);
        _foreground = new ForegroundWork(_share, time);
        _background = Background();
        _health = new DeviceHealth(() => examine(_device));
        _thread = new DeviceThread(
            "comod device",
            time,
            _predictor.RunBatch,
            () => _background.MoveNext() && _background.Current,
            Break,
            Release
        );
        if (_device.type == DeviceType.CPU)
            _watch = CrowdWatch.Start(_profile.Threads, time);
    }

    /// <summary>
    /// Precision, batch rows and threads, and the device where it is none of the processor's: part of every version.
    /// </summary>
    public string Profile => _profile.ToString();

    public string Device => _device.ToString();

    /// <summary>Resident backbones by digest.</summary>
    public IReadOnlyDictionary<string, BackboneSummary> Backbones => _resident;

    /// <summary>Device-seconds by tenant, weighted; decides whose lanes come next.</summary>
    public FairShare Share => _share;

    /// <summary>
    /// Completes with the reason once the device computes nothing any more. From then on every call fails with
    /// <see cref="DeviceLostException"/>; only another process may have better luck.
    /// </summary>
    public Task<string> Lost => _health.Lost;

    internal DeviceHealth Health => _health;

    public bool IsResident(string backboneDigest) => _resident.ContainsKey(backboneDigest);

    /// <summary>Loads weights, unless they are resident. They stay until <see cref="UnloadBackbone"/>.</summary>
    /// <param name="file">Safetensors.</param>
    /// <param name="expectedDigest">SHA-256 that the file must have.</param>
    /// <param name="specIfNoMetadata">For files without this project's description.</param>
    /// <exception cref="InputException">The weights do not fit: see <see cref="Backbone.Load"/>.</exception>
    public Task<BackboneSummary> LoadBackbone(
        byte[] file,
        string? expectedDigest,
        BackboneSpec? specIfNoMetadata,
        CancellationToken cancellation
    ) =>
        OnDevice(() =>
        {
            cancellation.ThrowIfCancellationRequested();
            var backbone = Backbone.Load(file, _device, expectedDigest, specIfNoMetadata, _precision);
            if (_resident.TryGetValue(backbone.Digest, out var known))
            {
                backbone.Dispose();
                return known;
            }
            var summary = new BackboneSummary(
                backbone.Digest,
                backbone.Spec,
                backbone.DescribesItself,
                backbone.ParameterCount,
                backbone.FeatureWidth,
                [.. backbone.Cuts.Select(c => c.ToString())]
            );
            _backbones[backbone.Digest] = backbone;
            _resident = new Dictionary<string, BackboneSummary>(_resident) { [backbone.Digest] = summary };
            return summary;
        });

    /// <summary>Frees what a backbone holds: weights, batches, activations in memory and in files.</summary>
    /// <returns>False where an adaptation of it, or any plan, runs: it stays.</returns>
    public Task<bool> UnloadBackbone(string digest) =>
        OnDevice(() =>
        {
            if (_runs.Any(r => r.BackboneDigest == digest) || Volatile.Read(ref _plans) > 0)
                return false;
            // Files are left from before a restart, too.
            _activations.Forget(backbone: digest);
            if (!_backbones.Remove(digest, out var backbone))
                return true;
            _resident = _resident.Where(r => r.Key != digest).ToDictionary();
            foreach (var group in _groups.Where(g => g.Key.Backbone == digest).ToArray())
                Retire(group);
            backbone.Dispose();
            return true;
        });

    /// <summary>
    /// Forgets the activations of a tenant's images, in memory and in files: all, or those of one data set. Jobs that
    /// need them compute them again.
    /// </summary>
    /// <returns>Bytes freed.</returns>
    public Task<long> ForgetActivations(string tenant, string? packDigest = null) =>
        OnDevice(() => _activations.Forget(tenant, packDigest));

    /// <summary>What the prefix activations of a job take, before any is computed.</summary>
    /// <exception cref="InputException">As <see cref="Adapt"/>.</exception>
    public Task<ActivationNeeds> Needs(AdaptationWork work)
    {
        if (!_resident.TryGetValue(work.BackboneDigest, out var summary))
            throw NotResident(work.BackboneDigest);
        var plans = work
            .Trials.Select(r => TrialPlan.Of(summary.Spec, work.Pack, work.Task, r, work.Compared))
            .ToArray();
        return OnDevice(() =>
            _activations.Needs(Resident(work.BackboneDigest), plans.SelectMany(p => p.Activations(work)))
        );
    }

    /// <summary>SHA-256 over the resident parameters: shows that nothing wrote to them.</summary>
    public Task<string> ParameterBytesDigest(string digest) => OnDevice(() => Resident(digest).ParameterBytesDigest());

    /// <summary>
    /// Adapts; the trials' results in the order of the work, without candidates that diverged
    /// (<see cref="AdaptationWork.Compared"/>).
    /// </summary>
    /// <exception cref="InputException">The work cannot be done: settings, examples, labels, or a damaged
    /// checkpoint.</exception>
    /// <exception cref="AdaptationDivergedException">A trial left the finite range three times; of candidates, every
    /// one did.</exception>
    public async Task<IReadOnlyList<TrialResult>> Adapt(
        AdaptationWork work,
        IAdaptationObserver observer,
        CancellationToken cancellation
    )
    {
        if (!_resident.TryGetValue(work.BackboneDigest, out var summary))
            throw NotResident(work.BackboneDigest);
        var plans = work
            .Trials.Select(r => TrialPlan.Of(summary.Spec, work.Pack, work.Task, r, work.Compared))
            .ToArray();
        var run = await OnDevice(() =>
        {
            var backbone = Resident(work.BackboneDigest);
            if (plans.Sum(p => p.TableBytes(backbone)) is var bytes && bytes > _options.TableBytes)
                throw new InputException(
                    "job-too-large",
                    $"The job's {plans.Length} trials need {bytes >> 20} MB of parameters on the device and "
                        + $"{_options.TableBytes >> 20} MB are allowed: "
                        + "ask for fewer trials at once, or raise the engine's option TableBytes."
                );
            if (
                plans.Max(p => ActivationCache.ItemBytes(backbone, p.Cut)) is var item
                && _options.ActivationCacheBytes > 0
                && _options.ActivationCacheBytes < item
            )
                throw new InputException(
                    "prefix-cache-too-small",
                    $"The activation cache may hold {_options.ActivationCacheBytes} bytes and the activations of "
                        + $"one image take {item}: "
                        + "raise the engine's option ActivationCacheBytes, or set it to 0 to compute them at each step."
                );
            var started = new AdaptationRun(
                plans,
                work,
                backbone,
                _activations,
                _profile,
                _options,
                _host,
                _time,
                Group,
                observer,
                cancellation
            );
            _runs.Add(started);
            return started;
        });
        // A run that waits for the host lets the device thread sleep.
        await using var cancelled = cancellation.Register(_thread.Wake);
        await using var handedOver = work.HandOver.Register(_thread.Wake);
        try
        {
            return await Guarded(() => run.Result);
        }
        finally
        {
            await run.Messages;
        }
    }

    /// <summary>
    /// What a task will cost and return, before any adaptation, in seconds: see <see cref="Planner"/>. Its batches run
    /// after predictions and in turns with those of adaptations.
    /// </summary>
    /// <exception cref="InputException">settings-invalid, backbone-cut, examples-too-few, task-one-class,
    /// plan-too-many-outputs, image-unreadable.</exception>
    /// <exception cref="EngineBusyException">Several plans are being made.</exception>
    public async Task<TaskPlan> Plan(PlanWork work, CancellationToken cancellation)
    {
        if (!_resident.TryGetValue(work.BackboneDigest, out var summary))
            throw NotResident(work.BackboneDigest);
        try
        {
            if (Interlocked.Increment(ref _plans) > MostPlans)
                throw new EngineBusyException(TimeSpan.FromSeconds(5));
            var planner = new Planner(
                summary,
                work,
                _profile,
                _time,
                async pieces =>
                    await await _thread.Run(() =>
                        _foreground.Add(work.Tenant, pieces(Resident(work.BackboneDigest), _activations), cancellation)
                    )
            );
            // What is computed on the host may take a while: it belongs on no caller's thread.
            return await Guarded(() => Task.Run(() => planner.Run(cancellation), cancellation));
        }
        finally
        {
            Interlocked.Decrement(ref _plans);
        }
    }

    /// <summary>Probabilities [K] of each encoded image.</summary>
    /// <param name="served">The task.</param>
    /// <param name="images">Encoded.</param>
    /// <param name="tenant">Whom the time of decoder and device is charged to.</param>
    /// <param name="cancellation">A deadline is a token that cancels itself: what has not begun by then is not
    /// computed.</param>
    /// <exception cref="InputException">Images cannot be decoded: its items are all that cannot.</exception>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    public async Task<IReadOnlyList<float[]>> Predict(
        ServedTask served,
        IReadOnlyList<byte[]> images,
        string tenant,
        CancellationToken cancellation
    )
    {
        if (!_resident.TryGetValue(served.BackboneDigest, out var summary))
            throw NotResident(served.BackboneDigest);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _health.Require();
        _predictor.Admit(tenant, images.Count);
        Task<float[]>[] waiting;
        try
        {
            waiting = _predictor.Enqueue(
                tenant,
                served,
                await Task.Run(() => _decoding.Decode(tenant, summary.Spec, images, cancellation), cancellation),
                cancellation
            );
        }
        catch
        {
            _predictor.Withdraw(tenant, images.Count);
            throw;
        }
        finally
        {
            _thread.Wake();
        }
        return await Guarded(() => Task.WhenAll(waiting).WaitAsync(cancellation));
    }

    /// <summary>Whether a training fits into the memory of this machine, before anything is made for it.</summary>
    /// <param name="batch">Images of a step.</param>
    /// <param name="objects">Training images.</param>
    /// <exception cref="InputException">training-too-large</exception>
    public void RequireRoom(BackboneSpec spec, int batch, long objects) =>
        TrainingMemory.Require(spec, batch, objects, _device.type == DeviceType.CPU, HostMemory.Bytes);

    /// <summary>
    /// Trains a backbone on a thread of its own, beside the device thread: minutes of SGD never hold up a batch.
    /// Safetensors, not yet resident.
    /// </summary>
    /// <exception cref="InputException">settings-invalid, training-checkpoint, training-diverged,
    /// training-too-large.</exception>
    public Task<TrainedBackbone> TrainBackbone(
        BackboneTraining work,
        ITrainingObserver observer,
        CancellationToken cancellation
    ) =>
        Guarded(() =>
            Task.Factory.StartNew(
                () => Train(work, observer, cancellation),
                cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
        );

    private TrainedBackbone Train(BackboneTraining work, ITrainingObserver observer, CancellationToken cancellation)
    {
        try
        {
            return BackboneTrainer.Train(
                work,
                _device,
                _options.TrainingCheckpointEvery,
                observer,
                _time,
                cancellation
            );
        }
        catch (Exception e) when (DeviceMemory.IsExhausted(e))
        {
            throw new InputException(
                "training-too-large",
                $"The device ran out of memory with batches of {work.Batch} and width {work.Spec.Width}: choose a "
                    + "smaller batch or width."
            );
        }
    }

    public EngineStatistics Statistics
    {
        get
        {
            LaneGroup[] groups;
            lock (_groups)
                groups = [.. _groups];
            return new EngineStatistics
            {
                Steps = _retired.Steps + groups.Sum(g => g.Steps),
                StepRows = _retired.Rows + groups.Sum(g => g.StepRows),
                Refreshes = _retired.Refreshes + groups.Sum(g => g.Refreshes),
                Predictions = _predictor.Predictions,
                PredictBatches = _predictor.Batches,
                ActivationHits = _activations.Hits,
                ActivationDiskHits = _activations.DiskHits,
                ActivationMisses = _activations.Misses,
                PrefixBytes = _activations.Bytes,
                ActivationDiskBytes = _activations.DiskBytes,
                ActivationDamaged = _activations.Damaged,
                ActivationDiskFailures = _activations.DiskFailures,
                PredictQueueDepth = _predictor.Depth,
                RunningJobs = _runs.Count,
                ActiveLanes = Volatile.Read(ref _activeLanes),
                BusySeconds = _thread.Busy.TotalSeconds,
                ResidentBackbones = _resident.Count,
                LiveTensors = Tensor.TotalCount,
                BatchHalvings = DeviceMemory.Halvings,
            };
        }
    }

    private int _activeLanes;

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _thread.Dispose();
            _watch?.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Adaptations and foreground work in turns, as one endless coroutine: true while there is work.</summary>
    private IEnumerator<bool> Background()
    {
        using var adaptations = Adaptations();
        while (true)
        {
            while (_foreground.Any)
            {
                _foreground.Advance();
                yield return true;
                if (adaptations.MoveNext() && adaptations.Current)
                    yield return true;
            }
            adaptations.MoveNext();
            yield return adaptations.Current || _foreground.Any;
        }
    }

    /// <summary>
    /// All adaptation as one endless coroutine: true after a piece of work, false where there is none. Tenants that
    /// used more than their share wait, unless nobody else has anything to do.
    /// </summary>
    private IEnumerator<bool> Adaptations()
    {
        var idle = false;
        while (true)
        {
            var worked = false;
            var admitted = Admitted();
            _share.SetActive(admitted.Select(r => r.Tenant));
            foreach (var run in admitted)
            {
                if (run.ObserverFailure is { } failure)
                    run.End(failure);
                if (!idle && _share.IsAhead(run.Tenant))
                    continue;
                var start = _time.GetTimestamp();
                foreach (var _ in run.Advance())
                {
                    _share.Charge(run.Tenant, _time.GetElapsedTime(start).TotalSeconds);
                    worked = true;
                    yield return true;
                    start = _time.GetTimestamp();
                }
            }
            _runs.RemoveAll(r => r.Ended);
            foreach (var group in _groups.Where(g => g.Empty).ToArray())
                Retire(group);
            foreach (var group in _groups.ToArray())
            {
                var start = _time.GetTimestamp();
                foreach (var served in group.Round(idle ? null : _share))
                {
                    var seconds = _time.GetElapsedTime(start).TotalSeconds / served.Count;
                    foreach (var lane in served)
                        _share.Charge(lane.Tenant, seconds);
                    worked = true;
                    yield return true;
                    start = _time.GetTimestamp();
                }
            }
            var rested = idle && !worked;
            idle = !worked;
            Volatile.Write(ref _activeLanes, _groups.Sum(g => g.ActiveLanes));
            // A run may have more to do in its next turn although this one only waited: its lanes have just ended.
            // One that waits for the host wakes this thread.
            if (!worked && _runs.Count == 0 || rested && Array.TrueForAll(admitted, r => r.Sleeps))
                yield return false;
        }
    }

    private Task<T> OnDevice<T>(Func<T> command) => Guarded(() => _thread.Run(command));

    /// <summary>Asks the device after what nobody foresaw: where it is lost, that is the reason.</summary>
    /// <exception cref="DeviceLostException">It is lost.</exception>
    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        _health.Require();
        try
        {
            return await work();
        }
        catch (Exception e)
            when (_health.IsLost
                || e
                    is not (
                        InputException
                        or OperationCanceledException
                        or EngineBusyException
                        or ObjectDisposedException
                    )
            )
        {
            if (_health.IsLost || await _thread.Run(_health.Examine))
                throw _health.Failure(e);
            throw;
        }
    }

    /// <summary>The device thread threw where nothing may: its lanes and tensors are no longer to be trusted.</summary>
    private void Break(Exception cause)
    {
        _health.Lose(cause);
        End();
    }

    private void End()
    {
        foreach (var run in _runs)
            run.End(new OperationCanceledException("The engine stops."));
        _foreground.End();
        _predictor.Dispose();
    }

    private Backbone Resident(string digest) =>
        _backbones.TryGetValue(digest, out var backbone) ? backbone : throw NotResident(digest);

    /// <summary>
    /// The jobs whose parameters fit together, the oldest ones; the tenant whose turn it is first. Those behind them
    /// wait.
    /// </summary>
    private AdaptationRun[] Admitted()
    {
        var admitted = new List<AdaptationRun>();
        long bytes = 0;
        foreach (var run in _runs)
        {
            bytes += run.TableBytes;
            if (bytes <= _options.TableBytes)
                admitted.Add(run);
            else
                run.EndIfCancelled();
        }
        return _share.Order(admitted, r => r.Tenant, 0);
    }

    private LaneGroup Group(GroupKey key)
    {
        if (_groups.Find(g => g.Key == key && !g.Full) is { } open)
            return open;
        var group = new LaneGroup(key, Resident(key.Backbone), _activations, _options.BatchRows, _time);
        lock (_groups)
            _groups.Add(group);
        return group;
    }

    private void Retire(LaneGroup group)
    {
        lock (_groups)
        {
            _retired = (
                _retired.Steps + group.Steps,
                _retired.Rows + group.StepRows,
                _retired.Refreshes + group.Refreshes
            );
            _groups.Remove(group);
        }
        group.Dispose();
    }

    /// <summary>The last act of the device thread.</summary>
    private void Release()
    {
        End();
        // What a lost device holds ends with the process.
        if (_health.IsLost)
            return;
        foreach (var group in _groups.ToArray())
            Retire(group);
        _activations.Dispose();
        foreach (var backbone in _backbones.Values)
            backbone.Dispose();
    }

    private static InputException NotResident(string digest) =>
        new(
            "backbone-not-resident",
            $"The backbone {digest[..Math.Min(12, digest.Length)]} is not loaded; load it first."
        );
}
