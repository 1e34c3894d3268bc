using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;
using Orleans.Runtime;

namespace ComodCluster.Grains.Tests.Wire;

/// <summary>What silos and clients say to each other: the types that cross a wire.</summary>
internal static class WireTypes
{
    private static readonly Type[] s_all =
    [
        .. new[] { typeof(ComodException).Assembly, typeof(CatalogDatabase).Assembly }.SelectMany(a => a.GetTypes()),
    ];

    // Written by hand: the generated code has types of its own, and strategies of placement travel by their names.
    public static IEnumerable<Type> Messages =>
        s_all.Where(t =>
            t.GetCustomAttribute<GenerateSerializerAttribute>() is not null
            && t.GetCustomAttribute<GeneratedCodeAttribute>() is null
            && t.GetCustomAttribute<CompilerGeneratedAttribute>() is null
            && !t.IsAssignableTo(typeof(PlacementStrategy))
        );

    public static IEnumerable<Type> Interfaces =>
        s_all.Where(t => t.IsInterface && t.IsAssignableTo(typeof(IAddressable)));

    public static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? member.Name;

    /// <summary>Members of a message that cross the wire, with their ids.</summary>
    public static IEnumerable<(PropertyInfo Property, uint Id)> Members(Type message) =>
        from property in message.GetProperties(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
        )
        let id = property.GetCustomAttribute<IdAttribute>()
        where id is not null
        select (property, id.Id);
}
