using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>A user's key pair outside the HSM, and what AWS's guide has users do with it: openssl signs what a token file says.</summary>
internal sealed class OpenSslSigner
{
    private readonly Scratch _scratch;
    private readonly string _name;
    private readonly string[] _sign;

    /// <param name="scratch">where the files are</param>
    /// <param name="name">of the user</param>
    /// <param name="kind">what openssl genpkey is told</param>
    public OpenSslSigner(Scratch scratch, string name, string kind)
    {
        (_scratch, _name) = (scratch, name);
        _sign = kind == "ED25519" ? ["-rawin"] : ["-pkeyopt", "digest:sha256"];
        OpenSslCommand.Run(["genpkey", "-out", scratch[name + ".key"], "-algorithm", .. kind.Split(' ')]).MustSucceed();
        OpenSslCommand.Run("pkey", "-in", scratch[name + ".key"], "-pubout", "-out", PublicKey).MustSucceed();
    }

    public static string Rsa => "RSA -pkeyopt rsa_keygen_bits:2048";

    public static string P256 => "EC -pkeyopt ec_paramgen_curve:P-256";

    public static string Ed25519 => "ED25519";

    public string PublicKey => _scratch[_name + ".pub"];

    /// <summary>Fills in "signed" of the file's one token.</summary>
    public void SignUnsigned(string path)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        file["tokens"]![0]!["signed"] = Sign((string)file["tokens"]![0]!["unsigned"]!);
        File.WriteAllText(path, file.ToJsonString());
    }

    /// <summary>Adds this user's approval to a token file.</summary>
    public void Approve(string path, string role)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        file["signatures"]!.AsArray().Add(new JsonObject { ["username"] = _name, ["role"] = role, ["signature"] = Sign((string)file["token"]!) });
        File.WriteAllText(path, file.ToJsonString());
    }

    private string Sign(string base64)
    {
        var (value, signature) = (_scratch.Write(_name + ".value", Convert.FromBase64String(base64)), _scratch[_name + ".signature"]);
        OpenSslCommand.Run(["pkeyutl", "-sign", "-inkey", _scratch[_name + ".key"], "-in", value, "-out", signature, .. _sign]).MustSucceed();
        return Convert.ToBase64String(File.ReadAllBytes(signature));
    }
}
