namespace ComodCluster.TestInfrastructure;

/// <summary>What a test needs and the machine lacks: the test is skipped, or fails if CI=true.</summary>
public static class Missing
{
    // What xunit.v3 reads as "skip this test"; this project does not reference it.
    private const string Skip = "$XunitDynamicSkip$";

    /// <param name="message">What is missing and how to get it.</param>
    public static Exception Of(string message) =>
        Environment.GetEnvironmentVariable("CI") == "true"
            ? new InvalidOperationException(message)
            : new MissingException(Skip + message);
}
