namespace ComodCluster.Client.Commands.Demo.Report;

internal static class ReportPage
{
    public static string Render(DemoResult result, IReadOnlyList<AdaptedTask> adapted, IReadOnlyList<FixedBatch> batches) => "";
}
