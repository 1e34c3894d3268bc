using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>
/// Starts a job of one trial per method and seed. The version of the first method's first seed is activated; the others
/// are kept beside it. Method <see cref="Method.Auto"/> makes one version, of the method that it chooses.
/// </summary>
[GenerateSerializer, Alias("comod.AdaptRequest")]
public sealed record AdaptRequest
{
    /// <summary>
    /// Chosen by the client so that a repeated request starts nothing twice; null: the server names the job.
    /// </summary>
    [Id(0)]
    public string? Id { get; init; }

    /// <summary>Null or empty: comodulation. <see cref="Method.Auto"/> stands alone and has one seed.</summary>
    [Id(1)]
    public IReadOnlyList<Method>? Methods { get; init; }

    /// <summary>Null or empty: seed 0.</summary>
    [Id(2)]
    public IReadOnlyList<int>? Seeds { get; init; }

    /// <summary>Overrides of the task's own options.</summary>
    [Id(3)]
    public MethodOptions? Options { get; init; }

    /// <summary>
    /// -100 to 100: of the tenant's jobs that wait, those of higher priority begin first; each minute of waiting counts
    /// as one more. Null: 0.
    /// </summary>
    [Id(4)]
    public int? Priority { get; init; }

    /// <summary>Whether a control of experiments (shuffled, rate, trained-g) may be among the methods.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Experimental { get; init; }
}
