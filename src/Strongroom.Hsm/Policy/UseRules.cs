using System.Collections.Frozen;

namespace Strongroom.Hsm.Policy;

internal static partial class UseRules
{
    private static readonly FrozenDictionary<Use, UseRule> ByUse = Rows.ToFrozenDictionary(rule => rule.Use);

    /// <summary>The rule of a use; null if there is no such use.</summary>
    public static UseRule? Of(Use use) => ByUse.GetValueOrDefault(use);
}
