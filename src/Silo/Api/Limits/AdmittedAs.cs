namespace ComodCluster.Silo.Api.Limits;

/// <summary>Marks a route for <see cref="Admission"/>.</summary>
public sealed record AdmittedAs(Admitted Kind);
