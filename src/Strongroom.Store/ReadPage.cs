namespace Strongroom.Store;

/// <summary>One page of a reading, in the order of the paths' bytes.</summary>
/// <param name="Records">Null if the asked revision was compacted: begin again at a newer one.</param>
/// <param name="At">The revision that was read.</param>
/// <param name="Next">What to ask for as <see cref="ReadRequest.After"/> to get the next page; null if there is none. A page may be shorter than asked, or empty, although there is a next one.</param>
/// <param name="Compacted">Changes up to this revision are forgotten: a watch can begin after it, or later.</param>
public sealed record ReadPage(IReadOnlyList<StoredRecord>? Records, Revision At, string? Next, Revision Compacted);
