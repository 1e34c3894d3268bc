namespace ComodCluster.Silo.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Placeholder() { }
}
