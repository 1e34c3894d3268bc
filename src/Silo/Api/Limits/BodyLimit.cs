using Microsoft.AspNetCore.Http.Metadata;

namespace ComodCluster.Silo.Api.Limits;

/// <summary>Largest body of a route, in bytes; the server answers 413 beyond it.</summary>
public sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
