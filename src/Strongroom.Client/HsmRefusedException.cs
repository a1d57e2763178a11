namespace Strongroom.Client;

/// <summary>The HSM answered, and its answer is no. Trying again changes nothing until its cause does.</summary>
public sealed class HsmRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="function">what was asked</param>
    /// <param name="rv">the CKR_ value of PKCS#11</param>
    /// <param name="cause">the HSM's words</param>
    public HsmRefusedException(string function, ulong rv, string cause)
        : base($"{function}: {cause} (CKR 0x{rv:X8})")
    {
        Rv = rv;
        Cause = cause;
    }

    /// <summary>The CKR_ value of PKCS#11.</summary>
    public ulong Rv { get; }

    /// <summary>The HSM's words, without function and number.</summary>
    public string Cause { get; }
}
