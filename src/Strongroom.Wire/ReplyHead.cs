namespace Strongroom.Wire;

/// <summary>What every reply starts with.</summary>
/// <param name="Id">the request's number</param>
/// <param name="Rv">a CKR_ value; 0 is CKR_OK</param>
/// <param name="Epoch">the cluster's epoch, as the HSM knows it</param>
/// <param name="Sequence">the last change that the HSM has applied in that epoch</param>
public readonly record struct ReplyHead(ulong Id, ulong Rv, ulong Epoch, ulong Sequence);
