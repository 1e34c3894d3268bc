namespace ComodCluster.Contracts;

/// <summary>Key of a named object's grain: <c>{kind}:{uid}</c>.</summary>
public readonly record struct ObjectKey(ObjectKind Kind, string Uid)
{
    /// <summary>
    /// Key of an object that is not there yet. Uids are UUIDv7 in lower case: they sort by the time they were made.
    /// </summary>
    public static ObjectKey New(ObjectKind kind, TimeProvider time) =>
        new(kind, Guid.CreateVersion7(time.GetUtcNow()).ToString("D"));

    /// <exception cref="FormatException">It is no such key.</exception>
    public static ObjectKey Parse(string key) =>
        key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? new(new(key[..colon]), key[(colon + 1)..])
            : throw new FormatException($"'{key}' is no key of an object: it begins with the kind and a colon.");

    public override string ToString() => $"{Kind}:{Uid}";
}
