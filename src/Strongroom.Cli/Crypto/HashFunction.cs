using System.CommandLine;
using System.Security.Cryptography;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>A hash of the SHA family (FIPS 180-4) by CloudHSM's name.</summary>
/// <param name="Name">sha1 … sha512</param>
/// <param name="Mechanism">CKM_ number</param>
/// <param name="Mgf">CKG_MGF1_ number with this hash</param>
/// <param name="Size">bytes of a digest</param>
/// <param name="Local">the name .NET knows it by; null if the HSM must hash</param>
/// <param name="DigestInfo">the DER prefix of RSASSA-PKCS1-v1_5 (RFC 8017, section 9.2, note 1)</param>
internal sealed record HashFunction(string Name, ulong Mechanism, ulong Mgf, int Size, HashAlgorithmName? Local, byte[] DigestInfo)
{
    private const int Chunk = 65536;

    public static IReadOnlyList<HashFunction> All { get; } =
    [
        new("sha1", 0x220, 1, 20, HashAlgorithmName.SHA1, Convert.FromHexString("3021300906052B0E03021A05000414")),
        new("sha224", 0x255, 5, 28, null, Convert.FromHexString("302D300D06096086480165030402040500041C")),
        new("sha256", 0x250, 2, 32, HashAlgorithmName.SHA256, Convert.FromHexString("3031300D060960864801650304020105000420")),
        new("sha384", 0x260, 3, 48, HashAlgorithmName.SHA384, Convert.FromHexString("3041300D060960864801650304020205000430")),
        new("sha512", 0x270, 4, 64, HashAlgorithmName.SHA512, Convert.FromHexString("3051300D060960864801650304020305000440")),
    ];

    public static HashFunction Sha512 => All[^1];

    /// <summary>--hash-function.</summary>
    public static Option<string> Option { get; } =
        new Option<string>("--hash-function") { Description = "the hash", HelpName = "HASH", Required = true }.AcceptOnlyFromAmong([.. All.Select(hash => hash.Name)]);

    /// <summary>--mgf.</summary>
    public static Option<string> MgfOption { get; } =
        new Option<string>("--mgf") { Description = "mask generation function", HelpName = "MGF", Required = true }.AcceptOnlyFromAmong([.. All.Select(hash => hash.MgfName)]);

    /// <summary>The name of the mask generation function with this hash.</summary>
    public string MgfName => $"mgf1-{Name}";

    /// <summary>The hash of a mask generation function.</summary>
    public static HashFunction OfMgf(string name) => All.First(hash => hash.MgfName == name);

    public static HashFunction Named(string name) => All.First(hash => hash.Name == name);

    /// <summary>The digest of all that a stream holds, in pieces, so that the data may be of any length.</summary>
    public async Task<byte[]> ComputeAsync(Stream data, HsmSession session, HsmClient client, CancellationToken cancel) =>
        Local is { } local ? await ComputeLocallyAsync(data, local, cancel).ConfigureAwait(false) : await ComputeRemotelyAsync(data, session, client, cancel).ConfigureAwait(false);

    /// <summary>Refuses what can't be a digest of this hash.</summary>
    public byte[] Check(byte[] digest) =>
        digest.Length == Size ? digest : throw new CommandRefusedException($"A {Name} digest has {Size} bytes; {digest.Length} were given");

    private static async Task<byte[]> ComputeLocallyAsync(Stream data, HashAlgorithmName name, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(name);
        var buffer = new byte[Chunk];
        for (int read; (read = await data.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return hash.GetHashAndReset();
    }

    private async Task<byte[]> ComputeRemotelyAsync(Stream data, HsmSession session, HsmClient client, CancellationToken cancel)
    {
        const ulong use = (ulong)Use.Digest;
        await client.CallAsync<BeginRequest, BeginReply>(new(session.Id, use, Mechanisms.Plain(Mechanism), 0), cancel).ConfigureAwait(false);
        var buffer = new byte[Chunk];
        for (int read; (read = await data.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;)
        {
            await client.CallAsync<UpdateRequest, UpdateReply>(new(session.Id, use, buffer.AsMemory(0, read), null), cancel).ConfigureAwait(false);
        }

        return (await client.CallAsync<FinishRequest, FinishReply>(new(session.Id, use, null), cancel).ConfigureAwait(false)).Data.ToArray();
    }
}
