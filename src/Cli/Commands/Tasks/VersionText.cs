namespace ComodCluster.Cli.Commands.Tasks;

internal static class VersionText
{
    public static string Of(int version) => version == 0 ? "base" : $"{version}";
}
