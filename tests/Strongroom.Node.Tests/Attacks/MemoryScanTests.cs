using System.Security.Cryptography;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Attacks;

/// <summary>What an HSM leaves behind of the keys and passwords that went through it: nothing, in its memory, its files and its log.</summary>
public sealed class MemoryScanTests
{
    private static readonly byte[] Yes = [1];
    private static readonly byte[] No = [0];
    private readonly SecretScan _scan = new();

    [Theory]
    [InlineData("FIPS")]
    [InlineData("NON_FIPS")]
    public async Task An_open_key_stands_in_locked_memory_alone_and_after_use_no_key_and_no_password_stands_anywhere(string mode)
    {
        await using var hsm = new TestHsm { Mode = mode };
        await hsm.InitializeAsync();
        var aes = _scan.Plant("AES key", 32);
        var readable = _scan.Plant("readable key", 48);
        var plain = _scan.Plant("plaintext", 64);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = pair.ExportParameters(true);
        _scan.Plant("EC key", parameters.D!);
        using var rsa = RSA.Create(2048);
        var numbers = rsa.ExportParameters(true);
        foreach (var (name, number) in new[] { ("d", numbers.D), ("p", numbers.P), ("q", numbers.Q), ("dp", numbers.DP), ("dq", numbers.DQ), ("qi", numbers.InverseQ) })
        {
            _scan.Plant($"RSA {name}", number!);
        }

        var seed = _scan.Plant("Ed25519 key", 32);
        var password = _scan.PlantPassword("password");
        var wrong = _scan.PlantPassword("wrong password");
        var next = _scan.PlantPassword("new password");

        await using (var client = await UserAsync(hsm, "scanned", password, wrong))
        {
            await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
            var key = await session.CreateObjectAsync([Number(0, 4), Number(0x100, 0x1F), new(0x11, aes, null), new(1, Yes, null), .. May(0x104, 0x105, 0x106, 0x107)], Cancel);
            var shown = await session.CreateObjectAsync([Number(0, 4), Number(0x100, 0x10), new(0x11, readable, null), new(0x103, No, null), new(0x162, Yes, null)], Cancel);
            var signer = await session.CreateObjectAsync(
                [Number(0, 3), Number(0x100, 3), new(0x180, Convert.FromHexString("06082A8648CE3D030107"), null), new(0x11, parameters.D, null), new(0x162, Yes, null), .. May(0x108)], Cancel);
            await session.SignAsync(Mechanism(0x1044), signer, plain, Cancel);
            var rsaSigner = await session.CreateObjectAsync(
                [
                    Number(0, 3), Number(0x100, 0), new(0x120, numbers.Modulus, null), new(0x122, numbers.Exponent, null), new(0x123, numbers.D, null), new(0x124, numbers.P, null), new(0x125, numbers.Q, null),
                    new(0x126, numbers.DP, null), new(0x127, numbers.DQ, null), new(0x128, numbers.InverseQ, null), .. May(0x108),
                ],
                Cancel);
            await session.SignAsync(Mechanism(0x40), rsaSigner, plain, Cancel);
            var edwards = await session.CreateObjectAsync([Number(0, 3), Number(0x100, 0x40), new(0x180, Convert.FromHexString("06032B6570"), null), new(0x11, seed, null), .. May(0x108)], Cancel);
            await session.SignAsync(new(0x1057, 8, null, null, null, null, null, null, null), edwards, plain, Cancel);
            var encrypted = await session.PerformAsync(Use.Encrypt, new(0x1087, 2, new byte[12], null, 128, null, null, null, null), key, plain, Cancel);
            var opened = await session.PerformAsync(Use.Decrypt, new(0x1087, 2, encrypted.Iv ?? new byte[12], null, 128, null, null, null, null), key, encrypted.Data, Cancel);
            Assert.Equal(plain, opened.Data.ToArray());
            Assert.Equal(readable, (await session.GetAttributesAsync(shown, [0x11], Cancel))[0].Value!.Value.ToArray());
            var wrapped = await session.WrapKeyAsync(Mechanism(0x210B), key, signer, Cancel);
            var again = await session.UnwrapKeyAsync(Mechanism(0x210B), key, wrapped.Wrapped, [Number(0, 3), Number(0x100, 3), .. May(0x108)], Cancel);
            await client.CallAsync<SetPinRequest, SetPinReply>(new(session.Id, password, next), Cancel);

            // The scan can find what there is, and it is where it may be.
            var open = ProcessMemory.Look(hsm.Process.Id, _scan);
            Assert.Contains(open, find => find is { Secret: "AES key", IsLocked: true });
            Nothing(open.Where(find => find is { Secret: "AES key", IsLocked: false }));

            foreach (var made in new[] { key, shown, signer, rsaSigner, edwards, again })
            {
                await session.DestroyObjectAsync(made, Cancel);
            }

            await client.LogoutAsync(Cancel);
        }

        await hsm.WaitForConnectionsAsync(0);
        await NothingIsLeftAsync(hsm.Process, hsm.Folder);
    }

    [Fact]
    public async Task The_passphrase_that_opened_an_HSM_stands_nowhere()
    {
        using var folder = new TestFolder();
        var (passphrase, wrong) = (_scan.PlantPassword("passphrase"), _scan.PlantPassword("wrong passphrase"));
        var state = folder.File("h");
        await TestHsm.CreateAsync(state, TestHsm.RandomLoopback(), "passphrase", System.Text.Encoding.ASCII.GetString(passphrase));
        await using var process = await HsmProcess.RunAsync(state);
        await using (var control = new ControlClient(Path.Combine(state, "control.sock")))
        {
            await Assert.ThrowsAsync<HsmRefusedException>(() => control.UnsealAsync(wrong, Cancel));
            await control.UnsealAsync(passphrase, Cancel);
        }

        await process.WaitForAsync(state, description => description.State == (ulong)HsmState.Blank);
        await NothingIsLeftAsync(process, folder.Path);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // A connection's own buffers go a moment after it is counted as closed, so that memory is looked through until it is clean, or for some twenty times.
    private async Task NothingIsLeftAsync(HsmProcess process, string folder)
    {
        var left = ProcessMemory.Look(process.Id, _scan);
        for (var i = 0; i < 20 && left.Count > 0; i++)
        {
            await Task.Delay(200, Cancel);
            left = ProcessMemory.Look(process.Id, _scan);
        }

        Nothing(left);
        Nothing(_scan.LookThrough(folder));
        _scan.Look(System.Text.Encoding.UTF8.GetBytes(process.Log), (name, _) => Assert.Fail($"{name} in the log"));

        // Nothing of the process has been written out, so that there is nothing to look for there.
        Assert.Contains("VmSwap:\t       0 kB", await File.ReadAllTextAsync($"/proc/{process.Id}/status", Cancel), StringComparison.Ordinal);
    }

    private static void Nothing(IEnumerable<object> finds) => Assert.True(!finds.Any(), string.Join('\n', finds));

    private static async Task<HsmClient> UserAsync(TestHsm hsm, string name, byte[] password, byte[] wrong)
    {
        await using (var admin = new HsmClient(hsm.Options))
        {
            await admin.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), Cancel);
            await admin.CreateUserAsync(name, Role.CryptoUser, password, Cancel);
        }

        var client = new HsmClient(hsm.Options);
        await Assert.ThrowsAsync<HsmRefusedException>(() => client.LoginAsync(UserType.User, name, wrong, Cancel));
        await client.LoginAsync(UserType.User, name, password, Cancel);
        return client;
    }

    private static WireMechanism Mechanism(ulong number) => new(number, 0, null, null, null, null, null, null, null);

    private static WireAttribute Number(ulong type, ulong value) => new(type, BitConverter.GetBytes(value), null);

    private static IEnumerable<WireAttribute> May(params ulong[] uses) => uses.Select(use => new WireAttribute(use, Yes, null));
}
