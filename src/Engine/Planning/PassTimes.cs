namespace ComodCluster.Engine.Planning;

/// <summary>Device-seconds per image.</summary>
internal sealed class PassTimes
{
    private readonly List<double> _forward = [],
        _both = [];
    private readonly Dictionary<int, List<double>> _suffix = [];

    /// <summary>Through the whole network.</summary>
    public double Forward => Median(_forward);

    /// <summary>Through the whole network and back.</summary>
    public double ForwardAndBackward => Median(_both);

    /// <summary>From a cut on, couplings applied.</summary>
    public double Suffix(int cut) => Median(_suffix[cut]);

    public void AddForward(double seconds) => _forward.Add(seconds);

    public void AddBoth(double seconds) => _both.Add(seconds);

    public void AddSuffix(int cut, double seconds)
    {
        if (!_suffix.TryGetValue(cut, out var all))
            _suffix[cut] = all = [];
        all.Add(seconds);
    }

    // The first batch has the start-up of the kernels too.
    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
