namespace ComodCluster.Engine.Data.Import;

/// <summary>An object of a pickle that Python would make by a call; nothing is called here.</summary>
/// <param name="name">Module and name of what would be called.</param>
/// <param name="arguments">What it would be called with.</param>
internal sealed class PickledCall(string name, object? arguments)
{
    public string Name => name;

    public object? Arguments => arguments;

    /// <summary>What the object would be given then.</summary>
    public object? State { get; set; }
}
