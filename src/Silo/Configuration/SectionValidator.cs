using Microsoft.Extensions.Options;

namespace ComodCluster.Silo.Configuration;

/// <summary>
/// Checks what the properties of a section declare, and what a subclass adds: all faults, each a sentence with key,
/// value and fix.
/// </summary>
/// <param name="section">Key of the section.</param>
public abstract class SectionValidator<T>(string section) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        string[] faults =
        [
            .. Setting
                .All.Where(setting =>
                    setting.Property.DeclaringType == typeof(T) && !setting.Allows(setting.Property.GetValue(options))
                )
                .Select(setting => setting.Refuse(setting.Property.GetValue(options))),
            .. Faults(options),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>What no attribute of one property says.</summary>
    protected virtual IEnumerable<string> Faults(T options) => [];

    /// <param name="property">Name of the property.</param>
    /// <param name="fix">Null: what the property takes.</param>
    protected string Refuse(T options, string property, string? fix = null)
    {
        var setting = Setting.All.Single(s => s.Key == $"{section}:{property}");
        return setting.Refuse(setting.Property.GetValue(options), fix);
    }
}
