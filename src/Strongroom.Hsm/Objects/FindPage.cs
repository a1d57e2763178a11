namespace Strongroom.Hsm;

/// <summary>Some objects that match, in the order of their handles.</summary>
/// <param name="Handles">At most the limit that was asked for.</param>
/// <param name="More">Whether another page may follow.</param>
public sealed record FindPage(IReadOnlyList<ObjectHandle> Handles, bool More);
