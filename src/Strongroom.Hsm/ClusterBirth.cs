using Strongroom.Crypto;
using Strongroom.Hsm.Users;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm;

/// <summary>A cluster that has just been born.</summary>
/// <param name="Module">Its first HSM's module, open.</param>
/// <param name="Code">The one-time code that activates the first admin; shown this once and kept nowhere.</param>
public sealed record ClusterBirth(Module Module, string Code)
{
    /// <summary>The name of the admin that every cluster begins with (CloudHSM's).</summary>
    internal const string AdminName = "admin";

    // RFC 4648 without what people confuse; 32 characters of 5 bits.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int CodeLength = 32;

    /// <summary>The first records: what the cluster is, and its unactivated admin.</summary>
    internal static async ValueTask<(IReadOnlyList<Change> Changes, string Code)> DrawAsync(ClusterMode mode, DateTimeOffset now, CancellationToken cancel)
    {
        string code = DrawCode();
        byte[] hash = await PasswordHash.CreateAsync(System.Text.Encoding.ASCII.GetBytes(code), mode == ClusterMode.Fips, cancel).ConfigureAwait(false);
        Span<byte> numbers = stackalloc byte[2 * sizeof(ulong)];
        RandomSource.Fill(numbers);
        var admin = new UserRecord(new UserId(BitConverter.ToUInt64(numbers) | 1), AdminName, Role.UnactivatedAdmin, hash, BitConverter.ToUInt64(numbers[sizeof(ulong)..]));
        return ([Change.Put(ClusterRecord.Path, new ClusterRecord(mode, now).Write()), Change.Put(admin.Path, admin.Write())], code);
    }

    private static string DrawCode()
    {
        Span<byte> bytes = stackalloc byte[CodeLength];
        RandomSource.Fill(bytes);
        Span<char> code = stackalloc char[CodeLength];
        for (int i = 0; i < CodeLength; i++)
        {
            code[i] = Alphabet[bytes[i] % Alphabet.Length];
        }

        return code.ToString();
    }
}
