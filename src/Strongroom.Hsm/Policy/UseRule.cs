using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Policy;

/// <summary>What a use of a key takes. Whether key and mechanism fit each other, and the cluster's mode, is judged by the mechanism before it computes.</summary>
/// <param name="Use">The use.</param>
/// <param name="Flag">The attribute that must be true.</param>
/// <param name="Unknown">The refusal when there is no such key.</param>
/// <param name="Least">The least standing to the key.</param>
/// <param name="Service">What its approvals are for, if the key takes any.</param>
internal sealed record UseRule(Use Use, ObjectFlags Flag, Cause Unknown, Standing Least, QuorumService Service);
