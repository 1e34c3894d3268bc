using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>One colour for each method, legible on light and on dark ground.</summary>
internal static class MethodStyle
{
    public static string Color(Method method) =>
        method switch
        {
            Method.Readout => "#8a94a6",
            Method.Gain => "#e08e2b",
            _ => "#2f9e8f",
        };

    public static string Name(Method method) =>
        method switch
        {
            Method.Readout => "readout only",
            Method.Gain => "deterministic gain",
            _ => Format.Name(method),
        };
}
