namespace ComodCluster.Grains.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Placeholder() { }
}
