using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;

namespace Strongroom.Hsm.Tests.Policy;

public sealed class LiveKeysTests
{
    [Fact]
    public void It_opens_a_key_once_and_again_when_it_changed()
    {
        using var live = new LiveKeys(4);
        int opened = 0;
        KeyMaterial first = live.Retain(Item(1), Open);
        Assert.Same(first, live.Retain(Item(1), Open));
        Assert.Equal(1, opened);
        Assert.NotSame(first, live.Retain(Item(1) with { Version = 2 }, Open));
        Assert.Equal(2, opened);

        KeyMaterial Open(HsmObject item)
        {
            opened++;
            return Fresh(item);
        }
    }

    [Fact]
    public void It_stays_within_its_bound_and_keeps_what_is_used()
    {
        using var live = new LiveKeys(8);
        KeyMaterial hot = live.Retain(Item(1), Fresh);
        for (ulong handle = 2; handle < 100; handle++)
        {
            live.Retain(Item(handle), Fresh).Release();
            KeyMaterial again = live.Retain(Item(1), Fresh);
            Assert.Same(hot, again);
            again.Release();
            Assert.True(live.Count <= 8);
        }
    }

    [Fact]
    public void A_key_that_is_let_go_is_closed_by_its_last_user()
    {
        using var live = new LiveKeys(1);
        KeyMaterial used = live.Retain(Item(1), Fresh);
        live.Forget(new ObjectHandle(1));
        Assert.Equal(0, live.Count);
        Assert.True(used.TryRetain());
        used.Release();
        used.Release();
        Assert.False(used.TryRetain());
    }

    [Fact]
    public async Task It_is_right_under_many_threads_that_open_use_and_forget()
    {
        using var live = new LiveKeys(16);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < 5000; i++)
            {
                ulong handle = (ulong)((i * 31) + worker) % 64;
                KeyMaterial key = live.Retain(Item(handle), Fresh);
                Assert.True(key.TryRetain());
                key.Release();
                key.Release();
                if (i % 17 == 0)
                {
                    live.Forget(new ObjectHandle(handle));
                }
            }
        })));
        Assert.True(live.Count <= 16);
    }

    private static SecretKey Fresh(HsmObject item) => new(KeyType.Aes, SecretBuffer.Random(16));

    private static HsmObject Item(ulong handle) => new()
    {
        Handle = new ObjectHandle(handle),
        Class = ObjectClass.SecretKey,
        KeyType = KeyType.Aes,
        Flags = ObjectFlags.None,
        Owner = new UserId(1),
        Attributes = AttributeBlob.Empty,
        Version = 1,
    };
}
