namespace ComodCluster.Client.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Placeholder() { }
}
