using System.Diagnostics.Metrics;
using ComodCluster.Engine;

namespace ComodCluster.Silo.Telemetry;

/// <summary>The engine's counters and gauges, read when somebody asks.</summary>
public sealed class EngineInstruments : IDisposable
{
    public const string MeterName = "ComodCluster.Engine";

    private readonly TaskEngine _engine;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Meter _meter;

    public EngineInstruments(TaskEngine engine, TimeProvider time)
    {
        (_engine, _time, _start) = (engine, time, time.GetTimestamp());
        _meter = new Meter(MeterName);
        Count("comod.adapt.steps", "{step}", "Optimiser steps of all trials.", s => s.Steps);
        Count("comod.adapt.step.rows", "{row}", "Images that went through an optimiser step.", s => s.StepRows);
        Count("comod.adapt.refreshes", "{refresh}", "Refreshes of decoder gains.", s => s.Refreshes);
        Count("comod.predict.rows", "{image}", "Images predicted on the device.", s => s.Predictions);
        Count("comod.predict.tiles", "{batch}", "Batches that those images shared.", s => s.PredictBatches);
        Count(
            "comod.tile.halvings",
            "{halving}",
            "Batches run with half the rows because the device ran out of memory.",
            s => s.BatchHalvings
        );
        Count("comod.prefix.cache.hits", "{image}", "Images whose activations were there.", s => s.ActivationHits);
        Count(
            "comod.prefix.cache.disk.hits",
            "{image}",
            "Images whose activations were read from a file.",
            s => s.ActivationDiskHits
        );
        Count(
            "comod.prefix.cache.damaged",
            "{item}",
            "Files and items of the activation cache that were damaged or of another version.",
            s => s.ActivationDamaged
        );
        Count(
            "comod.prefix.cache.disk.failures",
            "{file}",
            "Files of the activation cache that could not be opened or written.",
            s => s.ActivationDiskFailures
        );
        Gauge("comod.prefix.cache.disk.size", "By", "Activations in files.", s => s.ActivationDiskBytes);
        Count(
            "comod.prefix.cache.misses",
            "{image}",
            "Images whose activations were computed.",
            s => s.ActivationMisses
        );
        Gauge("comod.prefix.cache.size", "By", "Activations held.", s => s.PrefixBytes);
        Gauge(
            "comod.queue.depth",
            "{image}",
            "Images of predictions that are not answered yet.",
            s => s.PredictQueueDepth
        );
        Gauge("comod.adapt.running", "{job}", "Adaptations under way.", s => s.RunningJobs);
        Gauge("comod.adapt.lanes", "{trial}", "Trials being adapted.", s => s.ActiveLanes);
        Gauge("comod.backbones.resident", "{backbone}", "Backbones in the device's memory.", s => s.ResidentBackbones);
        Gauge("comod.tensors.live", "{tensor}", "Tensors that are not disposed.", s => s.LiveTensors);
        _meter.CreateObservableCounter(
            "comod.device.busy",
            () => _engine.Statistics.BusySeconds,
            "s",
            "Time in which the device thread worked."
        );
        _meter.CreateObservableGauge(
            "comod.device.busy.ratio",
            BusyRatio,
            null,
            "Share of the time since the start in which the device thread worked."
        );
    }

    public void Dispose() => _meter.Dispose();

    private double BusyRatio() =>
        Math.Clamp(_engine.Statistics.BusySeconds / Math.Max(1e-3, _time.GetElapsedTime(_start).TotalSeconds), 0, 1);

    private void Count(string name, string unit, string description, Func<EngineStatistics, long> value) =>
        _meter.CreateObservableCounter(name, () => value(_engine.Statistics), unit, description);

    private void Gauge(string name, string unit, string description, Func<EngineStatistics, long> value) =>
        _meter.CreateObservableGauge(name, () => value(_engine.Statistics), unit, description);
}
