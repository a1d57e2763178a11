using Strongroom.Server.Deployment;
using Strongroom.Wire;

namespace Strongroom.Server.ControlPlane;

/// <summary>The certificate files of a cluster under CloudHSM's names (cloudhsm.md 1.3; the owner stands where AWS does).</summary>
internal static class ClusterFiles
{
    public static string Csr(string folder, string cluster) => Path.Combine(folder, $"{cluster}_ClusterCsr.csr");

    public static string HsmCertificate(string folder, string cluster) => Path.Combine(folder, $"{cluster}_HsmCertificate.crt");

    public static string OwnerHardwareCertificate(string folder, string cluster) => Path.Combine(folder, $"{cluster}_OwnerHardwareCertificate.crt");

    public static string ManufacturerHardwareCertificate(string folder, string cluster) => Path.Combine(folder, $"{cluster}_ManufacturerHardwareCertificate.crt");

    public static string CustomerHsmCertificate(string folder, string cluster) => Path.Combine(folder, $"{cluster}_CustomerHsmCertificate.crt");

    /// <summary>Writes those that there are; returns their paths.</summary>
    public static string[] Write(string folder, string cluster, GetCertificatesReply certificates)
    {
        Directory.CreateDirectory(folder);
        (string Path, string Pem)[] files =
        [
            (Csr(folder, cluster), certificates.ClusterCsr),
            (HsmCertificate(folder, cluster), certificates.HsmCertificate),
            (OwnerHardwareCertificate(folder, cluster), certificates.OwnerHardwareCertificate),
            (ManufacturerHardwareCertificate(folder, cluster), certificates.ManufacturerHardwareCertificate),
            (CustomerHsmCertificate(folder, cluster), certificates.ClusterCertificate),
        ];
        var there = files.Where(file => file.Pem.Length > 0).ToArray();
        foreach (var (path, pem) in there)
        {
            PrivateFile.Write(path, pem.EndsWith('\n') ? pem : pem + "\n", PrivateFile.Everyone);
        }

        return [.. there.Select(file => file.Path)];
    }
}
