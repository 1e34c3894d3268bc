namespace ComodCluster.Grains.Tasks;

/// <summary>
/// Values of enumerations that the API and the engine both have: by their names, whatever their numbers.
/// </summary>
internal static class SameName
{
    public static T To<T>(this Enum value)
        where T : struct, Enum => Enum.Parse<T>(value.ToString());
}
