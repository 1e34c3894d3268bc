namespace ComodCluster.TestInfrastructure;

/// <summary>Skips the test that sees it.</summary>
public sealed class MissingException(string message) : Exception(message);
