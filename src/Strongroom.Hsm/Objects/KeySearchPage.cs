namespace Strongroom.Hsm;

/// <summary>Some of the keys that a search found, in the order of their handles.</summary>
/// <param name="Total">All that match; 0 if they were not counted.</param>
/// <param name="Keys">Each with its attributes in the order asked.</param>
/// <param name="More">Whether another page may follow.</param>
public sealed record KeySearchPage(long Total, IReadOnlyList<(ObjectHandle Handle, AttributeReading[] Attributes)> Keys, bool More);
