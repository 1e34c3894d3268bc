using System.ComponentModel;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using static ComodCluster.Grains.Tests.Wire.WireTypes;

namespace ComodCluster.Grains.Tests.Wire;

/// <summary>What silos and clients of different builds say to each other, as text that is reviewed: add-only.</summary>
public class ContractsTests
{
    [Fact]
    public void Contracts_AreTheReviewedOnes()
    {
        var (reviewed, actual) = (
            Path.Combine(AppContext.BaseDirectory, "Wire", "Contracts.txt"),
            Path.Combine(AppContext.BaseDirectory, "Wire", "Contracts.actual.txt")
        );
        var (before, now) = (File.ReadAllLines(reviewed), Describe());
        File.WriteAllLines(actual, now);
        string[] gone = [.. before.Except(now)],
            added = [.. now.Except(before)];
        Assert.True(
            gone.Length == 0,
            $"Silos and clients of the earlier build cannot talk to this one any more. Leave these as they are and "
                + $"give what is new its own Id or Alias:\n{string.Join('\n', gone)}"
        );
        Assert.True(
            added.Length == 0 && before.SequenceEqual(now),
            $"The wire contracts have grown. If that is meant, copy {actual} over "
                + $"tests/Grains.Tests/Wire/Contracts.txt and commit it:\n{string.Join('\n', added)}"
        );
    }

    [Fact]
    public void Contracts_EveryTypeAndMethod_HasAnAlias()
    {
        Assert.Empty(
            Messages
                .Concat(Interfaces)
                .Where(t => t.GetCustomAttribute<AliasAttribute>() is null)
                .Select(t => t.FullName)
        );
        Assert.Empty(
            Interfaces
                .SelectMany(t => t.GetMethods())
                .Where(m => m.GetCustomAttribute<AliasAttribute>() is null)
                .Select(m => $"{m.DeclaringType!.Name}.{m.Name}")
        );
    }

    /// <summary>Hidden members are earlier names in JSON of members that have one.</summary>
    [Fact]
    public void Contracts_EveryMember_HasAnId() =>
        Assert.Empty(
            from type in Messages
            where !type.IsEnum
            from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where property.SetMethod is not null && property.GetCustomAttribute<IdAttribute>() is null
            where property.GetCustomAttribute<EditorBrowsableAttribute>() is null
            select $"{type.Name}.{property.Name}"
        );

    // A line says all about itself, so that a comparison needs no context. What is not public is reserved: read, so
    // that it can be refused, and never set.
    private static string[] Describe() =>
        [
            .. Messages
                .Where(t => !t.IsEnum)
                .SelectMany(type =>
                    Members(type)
                        .Select(m =>
                            $"message {Alias(type)} {m.Id:00} {m.Property.Name}: "
                            + $"{Name(m.Property.PropertyType)}{(m.Property.GetMethod!.IsPublic ? "" : " (reserved)")}"
                        )
                )
                .Order(StringComparer.Ordinal),
            .. Messages
                .Where(t => t.IsEnum)
                .SelectMany(type =>
                    type.GetFields(BindingFlags.Public | BindingFlags.Static)
                        .Select(f =>
                            $"enum {Alias(type)} {Convert.ToInt32(f.GetRawConstantValue()):00} {f.Name}: "
                            + $"{f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name}{(type.IsPublic ? "" : " (reserved)")}"
                        )
                )
                .Order(StringComparer.Ordinal),
            .. Interfaces
                .SelectMany(type =>
                    type.GetMethods()
                        .Select(m =>
                            $"grain {Alias(type)} "
                            + $"{Alias(m)}({string.Join(", ", m.GetParameters().Select(p => Name(p.ParameterType)))}): {Name(m.ReturnType)}"
                        )
                )
                .Order(StringComparer.Ordinal),
        ];

    private static string Name(Type type)
    {
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (!type.IsGenericType)
            return type.Name;
        var name = new StringBuilder(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]);
        return name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>').ToString();
    }
}
