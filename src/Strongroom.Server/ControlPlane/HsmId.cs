using System.Text.RegularExpressions;

namespace Strongroom.Server.ControlPlane;

/// <summary>An HSM's id, <c>hsm-</c> and 11 to 16 characters of [2-7a-zA-Z] as the CloudHSM v2 API has them.</summary>
public readonly partial record struct HsmId
{
    private HsmId(string value) => Value = value;

    public string Value { get; }

    public static HsmId New() => new("hsm-" + ResourceName.Draw());

    /// <exception cref="RefusalException">It is no HSM id.</exception>
    public static HsmId Parse(string text) => Pattern().IsMatch(text) ? new(text) : throw new RefusalException($"'{text}' is no HSM id; one looks like hsm-abcdefghijk.");

    public override string ToString() => Value;

    [GeneratedRegex("^hsm-[2-7a-zA-Z]{11,16}\\z")]
    private static partial Regex Pattern();
}
