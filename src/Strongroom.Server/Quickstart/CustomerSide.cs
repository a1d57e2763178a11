using System.Security.Cryptography;
using System.Text;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;
using Strongroom.Wire;

namespace Strongroom.Server.Quickstart;

/// <summary>What a customer does on a machine of its own: runs a CA, checks and claims the cluster, and keeps its users' passwords. Here all of it lies in DIR/customer.</summary>
internal sealed class CustomerSide(Layout layout, ClusterRecord cluster)
{
    private const string CryptoUser = "crypto_user";
    private const string Admin = "admin";

    // OpenSSL's PKCS#11 engine takes a PIN of at most 32 bytes: "crypto_user:" and 16 letters, 93 random bits, fit.
    private const int PasswordLength = 16;
    private const string PasswordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static readonly Dictionary<string, string> NoVariables = [];

    private string ActivationCodeFile => Path.Combine(layout.Customer, "activation-code");

    /// <summary>The code is shown once and needed after the claim; if we are interrupted between, it must not be lost.</summary>
    public void KeepActivationCode(string code) => PrivateFile.Write(ActivationCodeFile, code + "\n");

    /// <summary>Checks the cluster's hardware with openssl, signs its request with the customer's CA, and initialises it.</summary>
    public async Task ClaimAsync(ClusterControl clusters, CancellationToken cancel)
    {
        var folder = layout.Customer;
        ClusterFiles.Write(folder, cluster.Cluster, await clusters.GetCertificatesAsync(cluster, cancel).ConfigureAwait(false));
        Screen.Line();
        Screen.Heading("The customer checks that the cluster's key was made in this HSM, under both roots");
        var name = cluster.Cluster;
        foreach (var (root, hardware) in ((string, string)[])[("owner", "Owner"), ("manufacturer", "Manufacturer")])
        {
            File.Copy(Path.Combine(layout.Ceremony, $"{root}-root.crt"), Path.Combine(folder, $"{root}-root.crt"), overwrite: true);
            Screen.Line("    " + (await Tool.ShowAsync(folder, $"openssl verify -CAfile {root}-root.crt -untrusted {name}_{hardware}HardwareCertificate.crt {name}_HsmCertificate.crt", NoVariables, cancel).ConfigureAwait(false)).Trim());
        }

        var certified = await Tool.ShowAsync(folder, $"openssl x509 -in {name}_HsmCertificate.crt -pubkey -noout", NoVariables, cancel).ConfigureAwait(false);
        var requested = await Tool.ShowAsync(folder, $"openssl req -in {name}_ClusterCsr.csr -verify -pubkey -noout", NoVariables, cancel).ConfigureAwait(false);
        if (certified.Trim() != requested.Trim())
        {
            throw new RefusalException($"{name}_HsmCertificate.crt and {name}_ClusterCsr.csr hold different keys: the request does not come from the certified HSM.");
        }

        Screen.Line("    the two public keys are equal");
        Screen.Heading("The customer's own CA signs the cluster's request");
        if (!File.Exists(Path.Combine(folder, "customerCA.crt")))
        {
            await Tool.ShowAsync(folder, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -noenc -days 3652 -subj /CN=Quickstart-customer-CA -keyout customerCA.key -out customerCA.crt", NoVariables, cancel).ConfigureAwait(false);
            File.SetUnixFileMode(Path.Combine(folder, "customerCA.key"), PrivateFile.OwnerOnly);
        }

        await Tool.ShowAsync(folder, $"openssl x509 -req -in {name}_ClusterCsr.csr -CA customerCA.crt -CAkey customerCA.key -CAcreateserial -days 3652 -out {name}_CustomerHsmCertificate.crt", NoVariables, cancel).ConfigureAwait(false);
        await clusters.InitializeAsync(
            cluster,
            await File.ReadAllTextAsync(ClusterFiles.CustomerHsmCertificate(folder, name), cancel).ConfigureAwait(false),
            await File.ReadAllTextAsync(Path.Combine(folder, "customerCA.crt"), cancel).ConfigureAwait(false),
            cancel).ConfigureAwait(false);
        Screen.Done($"{name} is initialised with a certificate of the customer's CA");
    }

    /// <summary>Sets the admin's password with the one-time code.</summary>
    public async Task ActivateAsync(ClusterControl clusters, CancellationToken cancel)
    {
        if (!File.Exists(ActivationCodeFile))
        {
            throw new RefusalException($"{cluster.Cluster} waits for its activation code, which is not in {ActivationCodeFile}.", $"strongroom cluster activate --dir {ShellEnvironment.Quote(layout.Root)} --cluster {cluster.Cluster}");
        }

        if (!File.Exists(clusters.TrustAnchorFile(cluster)))
        {
            // We were interrupted after the HSM took the claim and before we noted it.
            clusters.KeepTrust(cluster, await File.ReadAllTextAsync(Path.Combine(layout.Customer, "customerCA.crt"), cancel).ConfigureAwait(false));
        }

        var code = Encoding.UTF8.GetBytes((await File.ReadAllTextAsync(ActivationCodeFile, cancel).ConfigureAwait(false)).Trim());
        await clusters.ActivateAsync(cluster, code, Password(Admin), cancel).ConfigureAwait(false);
        File.Delete(ActivationCodeFile);
        Screen.Done($"{cluster.Cluster} is active; the admin's password is in {PasswordFile(Admin)}");
    }

    /// <summary>The crypto user that applications log in as, created if it is not there; returns <c>user:password</c>.</summary>
    public async Task<string> CryptoUserAsync(ClusterControl clusters, CancellationToken cancel)
    {
        var password = Password(CryptoUser);
        await using var users = await ClusterUsers.AnonymousAsync(clusters, cluster, cancel).ConfigureAwait(false);
        if (!(await users.ListAsync(cancel).ConfigureAwait(false)).Any(user => user.Name == CryptoUser))
        {
            await using var admin = await ClusterUsers.LoginAsync(clusters, cluster, Role.Admin, Admin, Password(Admin), cancel).ConfigureAwait(false);
            await admin.CreateAsync(CryptoUser, Role.CryptoUser, password, cancel).ConfigureAwait(false);
            Screen.Done($"created the crypto user {CryptoUser}; its password is in {PasswordFile(CryptoUser)}");
        }

        return $"{CryptoUser}:{Encoding.UTF8.GetString(password)}";
    }

    private string PasswordFile(string user) => Path.Combine(layout.Customer, $"{user}.password");

    // Drawn and kept before it is used, so that an interrupted run can go on with the same.
    private byte[] Password(string user)
    {
        if (!File.Exists(PasswordFile(user)))
        {
            PrivateFile.Write(PasswordFile(user), RandomNumberGenerator.GetString(PasswordLetters, PasswordLength) + "\n");
        }

        return Encoding.UTF8.GetBytes(File.ReadAllText(PasswordFile(user)).Trim());
    }
}
