namespace ComodCluster.Silo.Configuration;

/// <summary>The keys that a configuration gives below <c>Comod</c>, before anything is bound.</summary>
/// <param name="Readable">Those that are settings and have a value of their type.</param>
/// <param name="Faults">A sentence for each other one.</param>
public sealed record SettingKeys(IConfiguration Readable, IReadOnlyList<string> Faults)
{
    public static SettingKeys Of(IConfigurationSection section)
    {
        var (readable, faults) = (new Dictionary<string, string?>(), new List<string>());
        foreach (var leaf in Leaves(section))
        {
            if (Find(leaf.Path) is not { } setting)
                faults.Add(Unknown(leaf.Path));
            else if (leaf.Value is { } text && !setting.CanRead(text))
                faults.Add((setting with { Key = leaf.Path }).Refuse(text));
            else
                readable[leaf.Path] = leaf.Value;
        }
        return new SettingKeys(new ConfigurationBuilder().AddInMemoryCollection(readable).Build(), faults);
    }

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section
            .GetChildren()
            .SelectMany(child =>
                child.GetChildren().Any() ? Leaves(child).Concat(child.Value is null ? [] : [child]) : [child]
            );

    private static Setting? Find(string key) =>
        Setting.All.FirstOrDefault(setting =>
            setting.IsMap
                ? key.LastIndexOf(':') is var at
                    && at == setting.Key.Length
                    && key.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase)
                : key.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)
        );

    private static string Unknown(string key)
    {
        if (
            Setting.All.FirstOrDefault(setting => key.Equals(setting.FormerKey, StringComparison.OrdinalIgnoreCase)) is
            { } renamed
        )
            return $"{key} is called {renamed.Key} now; use that name.";
        if (
            Setting
                .All.Where(setting =>
                    setting.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)
                    || setting.IsMap && setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase)
                )
                .ToArray()
            is [_, ..] below
        )
            return $"{key} is a section and takes no value; set keys below it, such as "
                + $"{below[0].Key}{(below[0].IsMap ? ":NAME" : "")}.";
        return NearestName.Of(key, Setting.All.Select(setting => setting.Key)) is { } near
            ? $"{key} is no setting of the silo; the nearest is {near}."
            : $"{key} is no setting of the silo; docs/configuration.md lists those below {SiloOptions.Section}.";
    }
}
