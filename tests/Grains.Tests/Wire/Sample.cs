using System.Globalization;
using System.Runtime.CompilerServices;
using ComodCluster.Contracts;
using static ComodCluster.Grains.Tests.Wire.WireTypes;

namespace ComodCluster.Grains.Tests.Wire;

/// <summary>A message with every member set, to values that follow from the members' ids alone.</summary>
internal static class Sample
{
    public static object Of(Type message)
    {
        if (message == typeof(ComodException))
            return new ComodException("code", 409, "A sentence.");
        if (message.IsGenericTypeDefinition)
            message = message.MakeGenericType(typeof(string));
        var sample = RuntimeHelpers.GetUninitializedObject(message);
        foreach (var (property, id) in Members(message))
            property.SetValue(sample, Value(property.PropertyType, id));
        return sample;
    }

    private static object Value(Type type, uint id)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Value(inner, id);
        if (type == typeof(string))
            return $"member {id}";
        if (type == typeof(bool))
            return true;
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)).AddSeconds(id);
        if (type.IsPrimitive)
            return Convert.ChangeType(id + 0.25, type, CultureInfo.InvariantCulture);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue((int)id % Enum.GetValues(type).Length)!;
        if (!type.IsGenericType)
            return Of(type);
        var list = Array.CreateInstance(type.GetGenericArguments()[0], 2);
        for (var i = 0; i < list.Length; i++)
            list.SetValue(Value(list.GetType().GetElementType()!, (uint)(id + i)), i);
        return list;
    }
}
