using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ComodCluster.Silo.Configuration;

/// <summary>
/// One key below <c>Comod</c>, as its options class declares it: what the reader checks and docs/configuration.md
/// lists.
/// </summary>
/// <param name="Key">The whole key, <c>Comod:Engine:Precision</c>.</param>
/// <param name="Property">The property of the options class.</param>
public sealed record Setting(string Key, PropertyInfo Property)
{
    /// <summary>All, in the order of their declaration.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Of(typeof(SiloOptions), SiloOptions.Section)];

    /// <summary>Whether the keys below this one are free names, each with a value.</summary>
    public bool IsMap => Property.PropertyType.IsAssignableTo(typeof(Dictionary<string, double>));

    /// <summary>Type of its value, or of the values below it.</summary>
    public Type Type =>
        IsMap ? typeof(double) : Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>What it takes, in words.</summary>
    public string Takes =>
        Property.GetCustomAttribute<TakesAttribute>() is { } takes ? takes.Words
        : Property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed
            ? string.Join(", ", allowed.Values[..^1]) + $" or {allowed.Values[^1]}"
        : Property.GetCustomAttribute<RangeAttribute>() is { } range ? Words(range)
        : Type == typeof(bool) ? "true or false"
        : Type == typeof(string) ? "a text"
        : "a number";

    /// <summary>In words, where the default depends on the machine; null elsewhere.</summary>
    public string? Default => Property.GetCustomAttribute<TakesAttribute>()?.Default;

    /// <summary>Its name in an earlier build; null: the same.</summary>
    public string? FormerKey =>
        Property.GetCustomAttribute<FormerlyAttribute>() is { } formerly
            ? $"{Key[..Key.LastIndexOf(':')]}:{formerly.Name}"
            : null;

    /// <summary>Whether a text can be read as its value; not whether that is in range.</summary>
    public bool CanRead(string text)
    {
        if (text.Length == 0 && Nullable.GetUnderlyingType(Property.PropertyType) is not null)
            return true;
        try
        {
            TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Whether a value is within its declared range or list; true where it declares neither.</summary>
    public bool Allows(object? value) =>
        Property.GetCustomAttributes<ValidationAttribute>().All(rule => rule.IsValid(value));

    /// <summary>One sentence: key, value and fix.</summary>
    public string Refuse(object? value, string? fix = null) =>
        $"{Key} cannot be '{Convert.ToString(value, CultureInfo.InvariantCulture)}'; {fix ?? $"take {Takes}"}.";

    private static IEnumerable<Setting> Of(Type options, string section) =>
        options
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .SelectMany(property =>
                IsSection(property.PropertyType)
                    ? Of(property.PropertyType, $"{section}:{property.Name}")
                    : [new Setting($"{section}:{property.Name}", property)]
            );

    private static bool IsSection(Type type) =>
        type.Namespace!.StartsWith(nameof(ComodCluster), StringComparison.Ordinal);

    private static string Words(RangeAttribute range)
    {
        var least = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);
        return range.Maximum is double.PositiveInfinity or int.MaxValue
            ? $"{least} or more"
            : $"{least} to {Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)}";
    }
}
