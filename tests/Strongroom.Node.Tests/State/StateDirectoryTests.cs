using Strongroom.Crypto;
using Strongroom.Node.Trust;

namespace Strongroom.Node.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RootKey _root = new(SecretBuffer.Random(32), "hsm-testtesttes");

    [Fact]
    public void A_sealed_item_is_read_as_it_was_written_and_does_not_lie_open()
    {
        using var state = Create();
        var secret = "0123456789abcdef0123456789abcdef"u8;
        state.WriteSealed(_root, "key", secret);
        using var read = state.ReadSealed(_root, "key");
        Assert.True(read.Span.SequenceEqual(secret));
        Assert.Equal(-1, File.ReadAllBytes(state.File("key")).AsSpan().IndexOf(secret[..8]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state.File("key")));
    }

    [Fact]
    public void Any_changed_bit_of_a_sealed_item_is_refused_with_its_name()
    {
        using var state = Create();
        state.WriteSealed(_root, "key", "secret"u8);
        var bytes = File.ReadAllBytes(state.File("key"));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(state.File("key"), changed);
            Assert.Contains("key", Assert.Throws<StateException>(() => state.ReadSealed(_root, "key")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_sealed_item_passes_neither_for_another_nor_for_another_hsms()
    {
        using var state = Create();
        state.WriteSealed(_root, "a", "secret"u8);
        File.Copy(state.File("a"), state.File("b"));
        Assert.Throws<StateException>(() => state.ReadSealed(_root, "b"));
        var key = SecretBuffer.Allocate(32);
        using var here = new RootKey(SecretBuffer.CopyOf(key.Span), "hsm-aaaaaaaaaaa");
        using var there = new RootKey(key, "hsm-bbbbbbbbbbb");
        Assert.Null(there.TryOpen("a", here.Seal("a", "secret"u8)));
        using var own = here.TryOpen("a", here.Seal("a", "secret"u8));
        Assert.NotNull(own);
    }

    [Fact]
    public void Two_processes_do_not_share_a_directory()
    {
        using var state = Create();
        Assert.Contains("in use", Assert.Throws<StateException>(() => StateDirectory.Open(_folder.File("h"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_hsm_is_not_created_over_the_first()
    {
        using (Create())
        {
        }

        Assert.Contains("already", Assert.Throws<StateException>(Create).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hsm-1", "127.1.1.1", "hsm-1")]
    [InlineData("hsm-../../etcxx", "127.1.1.1", "hsm-..")]
    [InlineData("hsm-testtesttes", "localhost", "localhost")]
    public void What_can_not_be_an_hsm_is_refused(string hsm, string address, string named) => Assert.Contains(
        named, Assert.Throws<StateException>(() => StateDirectory.Create(_folder.File("h"), new HsmFile(hsm, address, RootOfTrustKind.File, "s"))).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    private StateDirectory Create() => StateDirectory.Create(_folder.File("h"), new HsmFile("hsm-testtesttes", "127.1.1.1", RootOfTrustKind.File, "store.db"));
}
