using System.Text.RegularExpressions;

namespace Strongroom.Server.ControlPlane;

/// <summary>A cluster's id, <c>cluster-</c> and 11 to 16 characters of [2-7a-zA-Z] as the CloudHSM v2 API has them.</summary>
public readonly partial record struct ClusterId
{
    private ClusterId(string value) => Value = value;

    public string Value { get; }

    public static ClusterId New() => new("cluster-" + ResourceName.Draw());

    /// <exception cref="RefusalException">It is no cluster id.</exception>
    public static ClusterId Parse(string text) => Pattern().IsMatch(text) ? new(text) : throw new RefusalException($"'{text}' is no cluster id; one looks like cluster-abcdefghijk.");

    public override string ToString() => Value;

    [GeneratedRegex("^cluster-[2-7a-zA-Z]{11,16}\\z")]
    private static partial Regex Pattern();
}
