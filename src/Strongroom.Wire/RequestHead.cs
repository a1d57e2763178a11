namespace Strongroom.Wire;

/// <summary>What every request starts with.</summary>
/// <param name="Id">the client's number of the request; its reply carries the same</param>
/// <param name="Function">what is asked; a number outside of the schema is possible</param>
/// <param name="Epoch">the highest epoch that the client has seen</param>
/// <param name="Sequence">the highest sequence that the client has seen in that epoch</param>
public readonly record struct RequestHead(ulong Id, Function Function, ulong Epoch, ulong Sequence);
