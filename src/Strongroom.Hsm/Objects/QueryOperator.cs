namespace Strongroom.Hsm;

/// <summary>A step of a key search; the numbers are the protocol's.</summary>
public enum QueryOperator : ulong
{
    /// <summary>The attribute is as given.</summary>
    Equal = 1,

    /// <summary>A number or date below the given one.</summary>
    Below = 2,

    /// <summary>A number or date above the given one.</summary>
    Above = 3,

    /// <summary>Bytes that a pattern describes: * for any, ? for one.</summary>
    Like = 4,

    /// <summary>The key has the attribute, and it is not empty.</summary>
    Present = 5,

    /// <summary>Both of the last two.</summary>
    And = 16,

    /// <summary>One of the last two.</summary>
    Or = 17,

    /// <summary>Not the last one.</summary>
    Not = 18,
}
