using Strongroom.Client;

namespace Strongroom.Server.Ceremony;

/// <summary>Certifies a running HSM's identity key under the roots and hands it its certificates.</summary>
internal static class HsmCertification
{
    /// <param name="controlSocket">the HSM's control.sock</param>
    /// <param name="roots">the ceremony's roots</param>
    /// <param name="passphrase">of the roots' key files, or empty</param>
    /// <param name="cancel">stops waiting</param>
    /// <returns>false if the HSM had its certificates already</returns>
    public static async Task<bool> RunAsync(string controlSocket, CeremonyRoots roots, ReadOnlyMemory<byte> passphrase, CancellationToken cancel)
    {
        await using var hsm = new ControlClient(controlSocket);
        if ((await hsm.GetCertificatesAsync(cancel).ConfigureAwait(false)).OwnerHardwareCertificate.Length > 0)
        {
            return false;
        }

        var request = await hsm.GetIdentityRequestAsync(cancel).ConfigureAwait(false);
        var issued = roots.Certify(request, passphrase.Span, TimeProvider.System.GetUtcNow());
        await hsm.InstallIdentityAsync(issued.Owner, issued.Manufacturer, cancel).ConfigureAwait(false);
        return true;
    }
}
