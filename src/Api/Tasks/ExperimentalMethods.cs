namespace ComodCluster.Api.Tasks;

/// <summary>Controls of experiments: a request that names one must say that it is experimental.</summary>
public static class ExperimentalMethods
{
    public static bool IsExperimental(this Method method) =>
        method is Method.Shuffled or Method.Rate or Method.TrainedG;
}
