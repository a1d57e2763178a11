using Strongroom.Crypto;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Sessions;

/// <summary>An operation in parts of a session.</summary>
/// <param name="Use">What it does.</param>
/// <param name="Mechanism">With which mechanism.</param>
/// <param name="Work">The operation itself, which holds its key open.</param>
/// <param name="Login">Who began it; null for a digest without a login.</param>
/// <param name="Key">The key; None for a digest.</param>
/// <param name="Data">SHA-256 of what is signed or verified, for the audit log; null for other uses.</param>
internal sealed record OpenOperation(Use Use, Mechanism Mechanism, Operation Work, Login? Login, ObjectHandle Key = default, DigestStream? Data = null) : IDisposable
{
    public void Dispose()
    {
        Data?.Dispose();
        Work.Dispose();
    }
}
