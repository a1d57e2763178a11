namespace Strongroom.Hsm.Mechanisms;

/// <summary>How long an operation's output is. For n bytes of input: <paramref name="Fixed"/> bytes, if not 0; else (n + <paramref name="Add"/>) rounded up to a multiple of <paramref name="Block"/>.</summary>
/// <param name="Fixed">Bytes, or 0.</param>
/// <param name="Add">Bytes.</param>
/// <param name="Block">Bytes, at least 1.</param>
/// <param name="MaxInput">Longest input of a single part in bytes; 0: no limit.</param>
public readonly record struct OutputLength(int Fixed, int Add, int Block, int MaxInput);
