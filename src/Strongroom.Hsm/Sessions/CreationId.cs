namespace Strongroom.Hsm.Sessions;

/// <summary>One creation or destruction in the whole cluster: which instance asked, under which of its numbers, and when it was done (by the HSM's clock).</summary>
internal readonly record struct CreationId(InstanceKey Instance, CreationNumber Number);
