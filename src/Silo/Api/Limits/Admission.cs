using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using ComodCluster.Contracts;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Hosting;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Api.Limits;

/// <summary>What a request asks a gateway to make room for.</summary>
public enum Admitted
{
    Prediction,
    Upload,
    Job,
}

/// <summary>Refuses what does not fit beside the requests in flight, before any of its body is read.</summary>
public sealed class Admission : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1), Later = TimeSpan.FromSeconds(10);

    private readonly AdmissionLimits _limits;
    private readonly WorkerList _workers;
    private readonly Counter<long> _refused;
    private readonly ConcurrencyLimiter _predictions, _uploads;
    private readonly PartitionedRateLimiter<string> _ofTask;

    public Admission(SiloOptions options, WorkerList workers, IMeterFactory meters)
    {
        (_limits, _workers) = (options.Admission, workers);
        _refused = meters.Create(SiloMetrics.MeterName).CreateCounter<long>("comod.admission.refused", "{request}", "Requests refused before their body was read, by what they asked for.");
        (_predictions, _uploads) = (new(Of(_limits.Predictions)), new(Of(_limits.Uploads)));
        _ofTask = PartitionedRateLimiter.Create<string, string>(task => RateLimitPartition.GetConcurrencyLimiter(task, _ => Of(_limits.PredictionsPerTask)));
    }

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        switch (context.GetEndpoint()?.Metadata.GetMetadata<AdmittedAs>()?.Kind)
        {
            case Admitted.Prediction:
                using (var all = _predictions.AttemptAcquire())
                using (var one = _ofTask.AttemptAcquire(context.Request.RouteValues["name"] as string ?? ""))
                {
                    if (!all.IsAcquired) await Refuse(context, "prediction", $"{_limits.Predictions} predictions are in flight at this gateway; try again shortly, or at another gateway.", Soon);
                    else if (!one.IsAcquired) await Refuse(context, "prediction", $"{_limits.PredictionsPerTask} predictions of this task are in flight; try again shortly, or send several images at once.", Soon);
                    else await next(context);
                }
                break;
            case Admitted.Upload:
                using (var upload = _uploads.AttemptAcquire())
                {
                    if (upload.IsAcquired) await next(context);
                    else await Refuse(context, "upload", $"{_limits.Uploads} uploads are in flight at this gateway; try again when one has ended.", Later);
                }
                break;
            case Admitted.Job when _workers.All.Sum(w => w.WaitingJobs) >= _limits.WaitingJobs:
                await Refuse(context, "job", $"{_limits.WaitingJobs} jobs are waiting already; try again when some have ended.", Later);
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

    private Task Refuse(HttpContext context, string kind, string why, TimeSpan retryAfter)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("kind", kind));
        return ProblemWriter.Write(context, new Refusal(ErrorCodes.Busy, StatusCodes.Status429TooManyRequests, why, retryAfter));
    }

    private static ConcurrencyLimiterOptions Of(int permits) => new() { PermitLimit = permits, QueueLimit = 0 };
}

/// <summary>Marks a route for <see cref="Admission"/>.</summary>
public sealed record AdmittedAs(Admitted Kind);

public static class AdmissionExtensions
{
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app)
    {
        var admission = app.ApplicationServices.GetRequiredService<Admission>();
        return app.Use(next => context => admission.Invoke(context, next));
    }
}
