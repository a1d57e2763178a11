using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm;

/// <summary>What the HSM says before an operation starts.</summary>
/// <param name="Output">How long the output will be.</param>
/// <param name="Multipart">Whether the operation can be done in parts.</param>
/// <param name="Cacheable">Whether a client may keep this verdict for the same login, key, mechanism and parameter while epoch and key version stand.</param>
/// <param name="Resends">Whether long input in parts must be sent twice.</param>
/// <param name="KeyVersion">Version of the key that was judged; 0 for a digest.</param>
public readonly record struct Verdict(OutputLength Output, bool Multipart, bool Resends, bool Cacheable, ulong KeyVersion);
