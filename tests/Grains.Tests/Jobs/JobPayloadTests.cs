using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Tests.Jobs;

public class JobPayloadTests
{
    private static readonly JobKey Key = new(TenantName.Default, "night-1");

    private static AdaptRequest Request =>
        new()
        {
            Id = "night-1",
            Methods = [Method.Comodulation],
            Seeds = [3],
            Priority = 7,
        };

    /// <summary>As earlier builds stored and sent it.</summary>
    [Fact]
    public void Spec_OfAPayload_IsStoredAsBefore()
    {
        var spec = JobSpec.Of(Key, "u", "parts", new AdaptPayload(Request, 2));

        Assert.Equal(
            """{"id":"night-1","tenant":"default","kind":"adapt","subjectUid":"u","subject":"parts","adapt":{"id":"night-1","methods":["comodulation"],"seeds":[3],"priority":7},"activeVersionAtStart":2}""",
            CatalogJson.Write(spec)
        );
        var read = Assert.IsType<AdaptPayload>(CatalogJson.Read<JobSpec>(CatalogJson.Write(spec), 1).Payload);
        Assert.Equal((7, 2, 3), (read.Priority, read.ActiveVersionAtStart, read.Request.Seeds!.Single()));
    }

    [Fact]
    public void AskTheSame_WhatTheServerAdds_DoesNotCount() =>
        Assert.True(JobRequests.AskTheSame(Adapt(Request, 1), Adapt(Request with { Id = null }, 5)));

    [Fact]
    public void AskTheSame_AnotherRequestSubjectOrKind_Differs()
    {
        var one = Adapt(Request, 0);

        Assert.False(JobRequests.AskTheSame(one, Adapt(Request with { Seeds = [4] }, 0)));
        Assert.False(JobRequests.AskTheSame(one, one with { SubjectUid = "other" }));
        Assert.False(
            JobRequests.AskTheSame(
                one,
                JobSpec.Of(Key, "u", "parts", new ImportPayload(new DatasetSource { Kind = DatasetSourceKind.Scenes }))
            )
        );
    }

    [Fact]
    public void Payload_ThatIsMissing_IsRefused()
    {
        var spec = new JobSpec
        {
            Id = "j",
            Tenant = "default",
            Kind = JobKind.Train,
            SubjectUid = "u",
            Subject = "s",
        };

        Assert.Contains("'j'", Assert.Throws<ComodException>(() => spec.Payload).Message, StringComparison.Ordinal);
    }

    private static JobSpec Adapt(AdaptRequest request, int active) =>
        JobSpec.Of(Key, "u", "parts", new AdaptPayload(request, active));
}
