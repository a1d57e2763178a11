namespace Strongroom.Cli.Keys;

/// <summary>Where a wrapped key's IV stands.</summary>
internal enum IvPlace
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>In a field of its own.</summary>
    Beside,

    /// <summary>In the first bytes of the wrapped key.</summary>
    Before,
}
