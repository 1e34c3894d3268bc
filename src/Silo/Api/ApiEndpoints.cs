using ComodCluster.Silo.Api.Backbones;
using ComodCluster.Silo.Api.Backups;
using ComodCluster.Silo.Api.Cluster;
using ComodCluster.Silo.Api.Datasets;
using ComodCluster.Silo.Api.Jobs;
using ComodCluster.Silo.Api.Plans;
using ComodCluster.Silo.Api.Probes;
using ComodCluster.Silo.Api.Tasks;
using ComodCluster.Silo.Api.Workers;
using ComodCluster.Silo.Configuration;

namespace ComodCluster.Silo.Api;

/// <summary>All routes.</summary>
public static class ApiEndpoints
{
    public static void MapApi(this WebApplication app)
    {
        app.MapIndex();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json").ExcludeFromDescription();
        if (!app.Services.GetRequiredService<SiloOptions>().IsGateway)
            return;
        var v1 = app.MapGroup("/v1");
        v1.MapBackbones();
        v1.MapDatasets();
        v1.MapTasks();
        v1.MapPredict();
        v1.MapPlan();
        v1.MapJobs();
        v1.MapWorkers();
        v1.MapCluster();
        v1.MapBackups();
    }
}
