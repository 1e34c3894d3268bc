using System.Threading.RateLimiting;
using ComodCluster.Contracts;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Api.Limits;

/// <summary>
/// Refuses what does not fit beside the requests in flight: before any of its body is read where that is known by then,
/// else when the body is there. Whoever sends slowly holds no place meanwhile.
/// </summary>
public sealed class Admission : IDisposable
{
    /// <summary>Of an upload that takes its place: more than any slow client sends before it is given up.</summary>
    private const int BegunBytes = 64 << 10;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1),
        Later = TimeSpan.FromSeconds(10);

    private readonly AdmissionLimits _limits;
    private readonly WorkerList _workers;
    private readonly AdmissionInstruments _instruments;
    private readonly ConcurrencyLimiter _predictions;
    private readonly PartitionedRateLimiter<(TenantName Tenant, string Name)> _ofTask;
    private readonly UploadPlaces _uploads;

    public Admission(AdmissionLimits limits, WorkerList workers, AdmissionInstruments instruments)
    {
        (_limits, _workers, _instruments) = (limits, workers, instruments);
        _predictions = new(Of(_limits.Predictions));
        _ofTask = PartitionedRateLimiter.Create<(TenantName Tenant, string Name), (TenantName Tenant, string Name)>(
            task => RateLimitPartition.GetConcurrencyLimiter(task, _ => Of(_limits.PredictionsPerTask))
        );
        _uploads = new(_limits.Uploads, _limits.UploadBytesPerSecond);
    }

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        switch (context.GetEndpoint()?.Metadata.GetMetadata<AdmittedAs>()?.Kind)
        {
            case Admitted.Prediction:
                // Only looks, as for uploads: the place is taken when the body is there.
                Take(Caller.Of(context).Tenant, context.Request.RouteValues["name"] as string ?? "", places: 0)
                    .Dispose();
                break;
            case Admitted.Upload when !_uploads.AnyFree:
                throw NoUpload();
            case Admitted.Job when _workers.All.Sum(w => w.WaitingJobs) >= _limits.WaitingJobs:
                _instruments.JobRefused();
                throw RefusalException.Busy(
                    $"{_limits.WaitingJobs} jobs are waiting already; try again when some have ended.",
                    Later
                );
        }
        await next(context);
    }

    /// <summary>A place for a prediction whose body is there, until it is disposed.</summary>
    /// <exception cref="RefusalException">busy (429).</exception>
    public IDisposable Predict(TenantName tenant, string task) => Take(tenant, task, places: 1);

    /// <summary>A place for an upload, once its first bytes are there, until it is disposed.</summary>
    /// <exception cref="RefusalException">busy (429), body-too-slow (408).</exception>
    public async Task<IDisposable?> Upload(HttpContext context)
    {
        if (context.Features.Get<IncomingBody>() is not { } body)
            return null;
        await body.Begun(BegunBytes, context.RequestAborted);
        return _uploads.Enter(body) ?? throw NoUpload();
    }

    public void Dispose()
    {
        _predictions.Dispose();
        _ofTask.Dispose();
    }

    private PredictionPlace Take(TenantName tenant, string task, int places)
    {
        var place = new PredictionPlace(
            _predictions.AttemptAcquire(places),
            _ofTask.AttemptAcquire((tenant, task), places)
        );
        if (place.All.IsAcquired && place.OfTask.IsAcquired)
            return place;
        place.Dispose();
        _instruments.PredictionRefused();
        throw RefusalException.Busy(
            place.All.IsAcquired
                ? $"{_limits.PredictionsPerTask} predictions of this task are in flight; try again shortly, or send "
                    + $"several images at once."
                : $"{_limits.Predictions} predictions are in flight at this gateway; try again shortly, or at another "
                    + $"gateway.",
            Soon
        );
    }

    private RefusalException NoUpload()
    {
        _instruments.UploadRefused();
        return RefusalException.Busy(
            $"{_limits.Uploads} uploads are in flight at this gateway; try again when one has ended.",
            Later
        );
    }

    private static ConcurrencyLimiterOptions Of(int permits) => new() { PermitLimit = permits, QueueLimit = 0 };

    private sealed record PredictionPlace(RateLimitLease All, RateLimitLease OfTask) : IDisposable
    {
        public void Dispose()
        {
            OfTask.Dispose();
            All.Dispose();
        }
    }
}
