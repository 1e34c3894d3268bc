namespace ComodCluster.Architecture.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Placeholder() { }
}
