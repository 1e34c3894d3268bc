namespace ComodCluster.Cli.Commands;

internal enum OutputFormat
{
    Table,
    Json,
}
