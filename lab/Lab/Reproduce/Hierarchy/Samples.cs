namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Labelled responses of the front end.</summary>
/// <param name="Responses">[sample][filter]</param>
/// <param name="Labels">[sample]</param>
internal sealed record Samples(float[][] Responses, int[] Labels)
{
    public int Count => Labels.Length;

    public Samples Range(int from, int to) => new(Responses[from..to], Labels[from..to]);
}
