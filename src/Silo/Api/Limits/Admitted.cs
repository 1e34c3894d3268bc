namespace ComodCluster.Silo.Api.Limits;

/// <summary>What a request asks a gateway to make room for.</summary>
public enum Admitted
{
    Prediction,
    Upload,
    Job,
}
