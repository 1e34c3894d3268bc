using System.Text.Json.Serialization;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Contracts.Jobs;

/// <summary>What a job does: exactly one of the three is set, as its kind says.</summary>
[GenerateSerializer, Alias("comod.JobSpec")]
public sealed record JobSpec
{
    [Id(0)]
    public required string Id { get; init; }

    [Id(1)]
    public required string Tenant { get; init; }

    [Id(2)]
    public required JobKind Kind { get; init; }

    /// <summary>Uid and name of the task, data set or backbone that the job works for.</summary>
    [Id(3)]
    public required string SubjectUid { get; init; }

    [Id(4)]
    public required string Subject { get; init; }

    [Id(5)]
    public AdaptRequest? Adapt { get; init; }

    [Id(6)]
    public DatasetSource? Import { get; init; }

    [Id(7)]
    public TrainBackboneRequest? Train { get; init; }

    /// <summary>The active version when the job was made: a user's later revert wins over it.</summary>
    [Id(8)]
    public int ActiveVersionAtStart { get; init; }

    [JsonIgnore]
    public JobKey Key => new(new(Tenant), Id);

    /// <exception cref="ComodException">record-unreadable: what the kind needs is missing.</exception>
    [JsonIgnore]
    public JobPayload Payload =>
        (Kind, Adapt, Import, Train) switch
        {
            (JobKind.Adapt, { } adapt, _, _) => new AdaptPayload(adapt, ActiveVersionAtStart),
            (JobKind.Import, _, { } import, _) => new ImportPayload(import),
            (JobKind.Train, _, _, { } train) => new TrainPayload(train),
            _ => throw new ComodException(
                ErrorCodes.RecordUnreadable,
                503,
                $"The job '{Id}' does not say what it does: a later build wrote it, or it is damaged; upgrade this "
                    + $"silo."
            ),
        };

    /// <param name="subject">Name of what the job works for.</param>
    public static JobSpec Of(JobKey key, string subjectUid, string subject, JobPayload payload) =>
        new()
        {
            Id = key.Id,
            Tenant = key.Tenant.Value,
            Kind = payload.Kind,
            SubjectUid = subjectUid,
            Subject = subject,
            Adapt = (payload as AdaptPayload)?.Request,
            Import = (payload as ImportPayload)?.Source,
            Train = (payload as TrainPayload)?.Request,
            ActiveVersionAtStart = (payload as AdaptPayload)?.ActiveVersionAtStart ?? 0,
        };
}
