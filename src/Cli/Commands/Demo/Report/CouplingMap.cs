using System.Globalization;
using System.Text;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Plotting;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>
/// An example image with the couplings of its positions over it: red where activity is raised, blue where it is
/// lowered.
/// </summary>
internal static class CouplingMap
{
    private const int Side = 240;

    public static string Render(AdaptedTask task, DatasetImage image)
    {
        var maps = task
            .Maps.Where(entry => entry.Method == Method.Comodulation)
            .Select(entry => entry.Maps)
            .FirstOrDefault();
        var source = $"data:{image.MediaType};base64,{Convert.ToBase64String(image.Bytes)}";
        var picture = $"<image href=\"{source}\" width=\"{Side}\" height=\"{Side}\" preserveAspectRatio=\"none\"/>";
        var cells = maps is null ? "" : Cells(maps);
        var row = task.Task.Station / 3;
        var column = task.Task.Station % 3;
        const double Cell = Side / 3.0;
        var station = string.Create(
            CultureInfo.InvariantCulture,
            $"<rect class=\"station\" x=\"{column * Cell + 1:0.##}\" y=\"{row * Cell + 1:0.##}\" "
                + $"width=\"{Cell - 2:0.##}\" height=\"{Cell - 2:0.##}\"/>"
        );
        return $"""
            <div class="maps">
            <figure>{Frame(
                picture + station,
                $"A test image of {task.Task.Title}"
            )}<figcaption>a test image</figcaption></figure>
            <figure>{Frame(
                picture + "<rect class=\"veil\" width=\"100%\" height=\"100%\"/>" + cells + station,
                $"Coupling map of {task.Task.Title}"
            )}<figcaption>couplings, {Range(maps)}</figcaption></figure>
            </div>
            """;
    }

    private static string Frame(string content, string label) =>
        $"<svg class=\"map\" viewBox=\"0 0 {Side} {Side}\" role=\"img\" "
        + $"aria-label=\"{Html.Text(label)}\">{content}</svg>";

    private static string Cells(VersionMaps maps)
    {
        var largest = Largest(maps);
        if (largest == 0)
            return "";
        var (width, height) = (Side / (double)maps.GridWidth, Side / (double)maps.GridHeight);
        var cells = new StringBuilder();
        for (var i = 0; i < maps.Spatial.Count; i++)
        {
            var value = maps.Spatial[i];
            var opacity = Math.Abs(value) / largest * 0.85;
            if (!(opacity > 0.02))
                continue;
            cells
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<rect x=\"{i % maps.GridWidth * width:0.##}\" y=\"{i / maps.GridWidth * height:0.##}\" "
                        + $"width=\"{width:0.##}\" height=\"{height:0.##}\" "
                )
                .Append(
                    CultureInfo.InvariantCulture,
                    $"fill=\"{(value > 0 ? "#e5484d" : "#3b82f6")}\" opacity=\"{opacity:0.##}\"/>"
                );
        }
        return cells.ToString();
    }

    private static double Largest(VersionMaps maps) => maps.Spatial.Count == 0 ? 0 : maps.Spatial.Max(Math.Abs);

    private static string Range(VersionMaps? maps) =>
        maps is null || maps.Spatial.Count == 0
            ? "none of positions"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{maps.Spatial.Min():+0.00;-0.00;0} to {maps.Spatial.Max():+0.00;-0.00;0}"
            );
}
