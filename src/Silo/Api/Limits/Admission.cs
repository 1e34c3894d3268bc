using System.Threading.RateLimiting;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Api.Limits;

/// <summary>Refuses what does not fit beside the requests in flight, before any of its body is read.</summary>
public sealed class Admission : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1),
        Later = TimeSpan.FromSeconds(10);

    private readonly AdmissionLimits _limits;
    private readonly WorkerList _workers;
    private readonly AdmissionInstruments _instruments;
    private readonly ConcurrencyLimiter _predictions,
        _uploads;
    private readonly PartitionedRateLimiter<(TenantName Tenant, string Name)> _ofTask;

    public Admission(AdmissionLimits limits, WorkerList workers, AdmissionInstruments instruments)
    {
        (_limits, _workers, _instruments) = (limits, workers, instruments);
        (_predictions, _uploads) = (new(Of(_limits.Predictions)), new(Of(_limits.Uploads)));
        _ofTask = PartitionedRateLimiter.Create<(TenantName Tenant, string Name), (TenantName Tenant, string Name)>(
            task => RateLimitPartition.GetConcurrencyLimiter(task, _ => Of(_limits.PredictionsPerTask))
        );
    }

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        switch (context.GetEndpoint()?.Metadata.GetMetadata<AdmittedAs>()?.Kind)
        {
            case Admitted.Prediction:
                using (var all = _predictions.AttemptAcquire())
                using (
                    var one = _ofTask.AttemptAcquire(
                        (Caller.Of(context).Tenant, context.Request.RouteValues["name"] as string ?? "")
                    )
                )
                {
                    if (all.IsAcquired && one.IsAcquired)
                    {
                        await next(context);
                        return;
                    }
                    _instruments.PredictionRefused();
                    await Refuse(
                        context,
                        all.IsAcquired
                            ? $"{_limits.PredictionsPerTask} predictions of this task are in flight; try again "
                                + $"shortly, or send several images at once."
                            : $"{_limits.Predictions} predictions are in flight at this gateway; try again shortly, "
                                + $"or at another gateway.",
                        Soon
                    );
                }
                break;
            case Admitted.Upload:
                using (var upload = _uploads.AttemptAcquire())
                {
                    if (upload.IsAcquired)
                    {
                        await next(context);
                        return;
                    }
                    _instruments.UploadRefused();
                    await Refuse(
                        context,
                        $"{_limits.Uploads} uploads are in flight at this gateway; try again when one has ended.",
                        Later
                    );
                }
                break;
            case Admitted.Job when _workers.All.Sum(w => w.WaitingJobs) >= _limits.WaitingJobs:
                _instruments.JobRefused();
                await Refuse(
                    context,
                    $"{_limits.WaitingJobs} jobs are waiting already; try again when some have ended.",
                    Later
                );
                break;
            default:
                await next(context);
                break;
        }
    }

    public void Dispose()
    {
        _predictions.Dispose();
        _uploads.Dispose();
        _ofTask.Dispose();
    }

    private static Task Refuse(HttpContext context, string why, TimeSpan retryAfter) =>
        ProblemWriter.Write(
            context,
            new Refusal(ErrorCodes.Busy, StatusCodes.Status429TooManyRequests, why, retryAfter)
        );

    private static ConcurrencyLimiterOptions Of(int permits) => new() { PermitLimit = permits, QueueLimit = 0 };
}
