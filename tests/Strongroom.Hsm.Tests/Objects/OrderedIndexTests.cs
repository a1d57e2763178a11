using CsCheck;
using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Tests.Objects;

public sealed class OrderedIndexTests
{
    [Fact]
    public void It_holds_what_a_sorted_set_holds_in_the_same_order()
    {
        Gen.Select(Gen.ULong[0, 3], Gen.ULong[1, 2000], Gen.Bool).Array[0, 3000].Sample(steps =>
        {
            var index = new OrderedIndex();
            var model = new SortedSet<(ulong, ulong)>();
            foreach ((ulong key, ulong handle, bool add) in steps)
            {
                if (add)
                {
                    index.Add(key, new ObjectHandle(handle));
                    model.Add((key, handle));
                }
                else
                {
                    index.Remove(key, new ObjectHandle(handle));
                    model.Remove((key, handle));
                }
            }

            for (ulong key = 0; key <= 3; key++)
            {
                Assert.Equal(model.Where(entry => entry.Item1 == key).Select(entry => entry.Item2), Walk(index, key, page: 7));
            }

            Assert.Equal(model.Count, index.Count);
        }, iter: 60);
    }

    [Fact]
    public void It_stays_right_over_many_chunks_filled_in_order_and_emptied()
    {
        var index = new OrderedIndex();
        for (ulong handle = 1; handle <= 5000; handle++)
        {
            index.Add(handle % 2, new ObjectHandle(handle));
        }

        Assert.Equal(Enumerable.Range(1, 2500).Select(i => (ulong)i * 2), Walk(index, 0, page: 256));
        for (ulong handle = 1; handle <= 5000; handle++)
        {
            index.Remove(handle % 2, new ObjectHandle(handle));
        }

        Assert.Equal(0, index.Count);
        Assert.Empty(Walk(index, 1, page: 8));
    }

    private static List<ulong> Walk(OrderedIndex index, ulong key, int page)
    {
        var all = new List<ulong>();
        var handles = new ObjectHandle[page];
        ObjectHandle after = ObjectHandle.None;
        int count;
        do
        {
            count = index.Next(key, after, handles);
            all.AddRange(handles[..count].Select(handle => handle.Value));
            after = count > 0 ? handles[count - 1] : after;
        }
        while (count == page);
        return all;
    }
}
