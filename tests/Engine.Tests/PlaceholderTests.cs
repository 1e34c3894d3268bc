namespace ComodCluster.Engine.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Placeholder() { }
}
