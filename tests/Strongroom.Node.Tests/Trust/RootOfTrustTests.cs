using Strongroom.Node.State;

namespace Strongroom.Node.Trust;

public sealed class RootOfTrustTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_file_opens_by_itself_what_it_sealed()
    {
        var trust = RootOfTrust.Of(RootOfTrustKind.File, _folder.Path, "hsm-testtesttes");
        using var made = await trust.CreateAsync(default, TestContext.Current.CancellationToken);
        using var opened = trust.OpenUnattended();
        using var plain = opened!.Open("x", made.Seal("x", "secret"u8));
        Assert.True(plain.Span.SequenceEqual("secret"u8));
        Assert.NotNull(trust.Banner);
    }

    [Fact]
    public async Task A_file_that_others_may_read_is_refused()
    {
        var trust = RootOfTrust.Of(RootOfTrustKind.File, _folder.Path, "hsm-testtesttes");
        (await trust.CreateAsync(default, TestContext.Current.CancellationToken)).Dispose();
        File.SetUnixFileMode(_folder.File("root.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("root.key", Assert.Throws<StateException>(trust.OpenUnattended).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passphrase_opens_what_it_sealed_and_a_wrong_one_does_not()
    {
        var trust = RootOfTrust.Of(RootOfTrustKind.Passphrase, _folder.Path, "hsm-testtesttes");
        using var made = await trust.CreateAsync("correct horse"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Null(trust.OpenUnattended());
        Assert.Null(await trust.UnsealAsync("correct horsf"u8.ToArray(), TestContext.Current.CancellationToken));
        using var opened = await trust.UnsealAsync("correct horse"u8.ToArray(), TestContext.Current.CancellationToken);
        using var plain = opened!.Open("x", made.Seal("x", "secret"u8));
        Assert.True(plain.Span.SequenceEqual("secret"u8));
        Assert.Null(trust.Banner);
    }

    [Fact]
    public async Task No_changed_bit_of_what_the_passphrase_opens_leaves_it_open()
    {
        var trust = RootOfTrust.Of(RootOfTrustKind.Passphrase, _folder.Path, "hsm-testtesttes");
        (await trust.CreateAsync("correct horse"u8.ToArray(), TestContext.Current.CancellationToken)).Dispose();
        var path = _folder.File("root.sealed");
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var refused = 0;
        for (var at = 0; at < whole.Length; at += 11)
        {
            var changed = whole.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(path, changed, TestContext.Current.CancellationToken);
            try
            {
                Assert.Null(await trust.UnsealAsync("correct horse"u8.ToArray(), TestContext.Current.CancellationToken));
            }
            catch (StateException cause)
            {
                refused++;
                Assert.Contains(path, cause.Message, StringComparison.Ordinal);
            }
        }

        Assert.True(refused > 0);
        await File.WriteAllBytesAsync(path, whole.AsMemory(0, 20), TestContext.Current.CancellationToken);
        Assert.Contains($"{path} is cut short", Assert.Throws<StateException>(trust.OpenUnattended).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(path, Assert.Throws<StateException>(trust.OpenUnattended).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_passphrase_is_refused()
    {
        var trust = RootOfTrust.Of(RootOfTrustKind.Passphrase, _folder.Path, "hsm-testtesttes");
        await Assert.ThrowsAsync<StateException>(() => trust.CreateAsync("12345678901"u8.ToArray(), TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Dispose();
}
