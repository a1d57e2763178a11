namespace Strongroom.Store;

/// <summary>Which records to read.</summary>
/// <param name="Prefix">Of the path; empty for all.</param>
/// <param name="At">The revision to read at, so that the pages of one reading belong together; null for the newest.</param>
/// <param name="After"><see cref="ReadPage.Next"/> of the page before; null for the first page.</param>
/// <param name="Limit">Records of the page, 1 to <see cref="StoreLimits.PageRecords"/>.</param>
public sealed record ReadRequest(string Prefix, Revision? At = null, string? After = null, int Limit = 4096);
