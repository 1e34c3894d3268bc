namespace ComodCluster.Cli.Commands.Plotting;

/// <summary>A text right of a point of the data.</summary>
/// <param name="X">In the data's coordinates.</param>
/// <param name="Y">In the data's coordinates.</param>
/// <param name="Color">As hexadecimal digits with <c>#</c>.</param>
internal sealed record Annotation(double X, double Y, string Text, string Color);
