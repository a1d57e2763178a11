namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

// What a test of refusals asks.
public sealed unsafe partial class Token
{
    /// <summary>C_…Init alone.</summary>
    /// <param name="function">C_Encrypt, C_Decrypt, C_Sign, C_Verify or C_Digest.</param>
    /// <param name="mechanism">The mechanism.</param>
    /// <param name="key">The key; ignored for a digest.</param>
    internal ulong Begin(string function, Mechanism mechanism, ulong key) => function == "C_Digest" ? InitDigest(mechanism) : Init(function + "Init", mechanism, key);

    /// <summary>Whether an operation of the function is open; one that is, is ended.</summary>
    internal bool IsOpen(string function)
    {
        const ulong NotInitialized = 0x91;
        if (function != "C_Verify")
        {
            return Finish(function) != NotInitialized;
        }

        byte signature = 0;
        return ((delegate* unmanaged<ulong, byte*, ulong, ulong>)Export("C_VerifyFinal"))(_session, &signature, 1) != NotInitialized;
    }

    /// <summary>CKF_… of C_GetMechanismInfo.</summary>
    internal ulong FlagsOf(ulong mechanism)
    {
        var info = stackalloc ulong[3];
        Check(((delegate* unmanaged<ulong, ulong, ulong*, ulong>)Export("C_GetMechanismInfo"))(_slot, mechanism, info), "C_GetMechanismInfo");
        return info[2];
    }
}
