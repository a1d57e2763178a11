using System.Diagnostics;
using System.Text;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

/// <summary>Searches of keys by programs of comparisons.</summary>
public sealed class KeySearchTests
{
    private static readonly QueryTerm And = new(QueryOperator.And, default, default);
    private static readonly QueryTerm Or = new(QueryOperator.Or, default, default);
    private static readonly QueryTerm Not = new(QueryOperator.Not, default, default);

    [Fact]
    public async Task Each_program_finds_what_it_describes()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        TestInstance alice = await hsm.UserAsync("alice");
        ObjectHandle web1 = await hsm.AesAsync(alice, AttributeType.Token.Is(true), AttributeType.Label.Is("web-1"), AttributeType.StartDate.Is("20260101"));
        ObjectHandle web2 = await hsm.AesAsync(alice, AttributeType.Label.Is("web-2"), AttributeType.Extractable.Is(false));
        KeyPairHandles pair = await hsm.EcPairAsync(alice, [AttributeType.Label.Is("mail")], [AttributeType.Label.Is("mail")]);
        await hsm.CreateAsync(alice, AttributeType.Class.Is(ObjectClass.Data), AttributeType.Label.Is("web-data"));

        void Finds(ObjectHandle[] expected, params QueryTerm[] query)
        {
            KeySearchPage page = hsm.Module.SearchKeys(alice.Caller, alice.ReadWrite, query, default, 0, 100, true, []).Value;
            Assert.Equal(expected.Order(), page.Keys.Select(key => key.Handle));
            Assert.Equal(expected.Length, page.Total);
        }

        Finds([web1, web2, pair.Public, pair.Private]);
        Finds([web1], Equal(AttributeType.Label.Is("web-1")));
        Finds([web1, web2], Like("web-*"));
        Finds([web2], Like("web-*"), Equal(AttributeType.Extractable.Is(true)), Not, And);
        Finds([web1, pair.Public, pair.Private], Equal(AttributeType.Label.Is("web-1")), Equal(AttributeType.Label.Is("mail")), Or);
        Finds([pair.Private], Equal(AttributeType.Label.Is("mail")), Equal(AttributeType.Class.Is(ObjectClass.PrivateKey)), And);
        Finds([], Equal(AttributeType.Label.Is("web-1")), Equal(AttributeType.Label.Is("web-2")), And);
        Finds([web2, pair.Public, pair.Private], Equal(AttributeType.Label.Is("web-1")), Not);
        Finds([web1, web2], Above(AttributeType.ValueLen, 31));
        Finds([], Below(AttributeType.ValueLen, 32));
        Finds([web1], new QueryTerm(QueryOperator.Below, AttributeType.StartDate, "20260102"u8.ToArray()));
        Finds([web1], new QueryTerm(QueryOperator.Present, AttributeType.StartDate, default));

        // A secret component can't be searched for.
        Finds([], new QueryTerm(QueryOperator.Present, AttributeType.Value, default));
    }

    [Fact]
    public async Task Pages_and_counts_agree_and_attributes_come_along()
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice", "bob");
        TestInstance alice = await hsm.UserAsync("alice");
        for (int i = 0; i < 25; i++)
        {
            await hsm.AesAsync(alice, AttributeType.Label.Is("key-" + i));
        }

        KeySearchPage Page(ObjectHandle after, int skip, bool count) => hsm.Module.SearchKeys(alice.Caller, alice.ReadWrite, [], after, skip, 10, count, [AttributeType.Label]).Value;
        KeySearchPage first = Page(default, 0, true);
        KeySearchPage second = Page(first.Keys[^1].Handle, 0, false);
        KeySearchPage third = Page(default, 20, true);
        Assert.Equal((25, 0, 25), (first.Total, second.Total, third.Total));
        Assert.Equal((true, true, false), (first.More, second.More, third.More));
        Assert.Equal(second.Keys.Select(key => key.Handle), Page(default, 10, true).Keys.Select(key => key.Handle));
        Assert.Equal(second.Keys.Select(key => key.Handle), Page(first.Keys[^1].Handle, 0, true).Keys.Select(key => key.Handle));
        Assert.Equal(25, first.Keys.Concat(second.Keys).Concat(third.Keys).Select(key => Encoding.UTF8.GetString(key.Attributes[0].Value!.Value.Span)).Distinct().Count());
        TestInstance bob = await hsm.UserAsync("bob");
        Assert.Equal(0, hsm.Module.SearchKeys(bob.Caller, bob.ReadWrite, [], default, 0, 10, true, []).Value.Total);
    }

    // Says how long it took, and passes whatever that is.
    [Fact]
    public void A_hundred_thousand_keys_are_searched_by_a_pattern()
    {
        var world = new FinderTests.ManyKeys(users: 1, keys: 100_000);
        KeyQuery query = KeyQuery.Decode([Like("key-*7"), Equal(AttributeType.Token.Is(true)), And]).Value;
        long start = Stopwatch.GetTimestamp();
        List<ObjectHandle> found = world.Finder.Find(world.Caller, query.Necessary, query.Matches, default, int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1} ms");
        Assert.Equal(10_000, found.Count);
    }

    private static QueryTerm[][] Malformed =>
    [
        [And], [Not], [Like("a"), Or], [Like("a"), Like("b")], [.. Enumerable.Repeat(Like("a"), 257)], [new QueryTerm((QueryOperator)99, AttributeType.Label, default)],
        [new QueryTerm(QueryOperator.Equal, (AttributeType)0x9999, default)], [new QueryTerm(QueryOperator.Equal, AttributeType.Sign, new byte[2])],
        [new QueryTerm(QueryOperator.Above, AttributeType.Label, new byte[8])], [new QueryTerm(QueryOperator.Like, AttributeType.Sign, default)],
        [new QueryTerm(QueryOperator.Below, AttributeType.ValueLen, new byte[3])], [new QueryTerm(QueryOperator.Equal, AttributeType.UnwrapTemplate, default)],
    ];

    [Fact]
    public void What_is_no_program_is_refused() => Assert.All(Malformed, query => Assert.False(KeyQuery.Decode(query).IsOk));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("*", "", true)]
    [InlineData("?", "", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-b-b-c-", false)]
    [InlineData("*aab", "aaaaaaab", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a\\*", "a*", true)]
    [InlineData("a\\*", "ab", false)]
    [InlineData("**", "x", true)]
    [InlineData("x\\", "x\\", true)]
    public void Patterns_describe_whole_texts(string pattern, string text, bool matches) => Assert.Equal(matches, Glob.Matches(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(text)));

    private static QueryTerm Equal(RawAttribute attribute) => new(QueryOperator.Equal, attribute.Type, attribute.Value);

    private static QueryTerm Like(string pattern) => new(QueryOperator.Like, AttributeType.Label, Encoding.UTF8.GetBytes(pattern));

    private static QueryTerm Above(AttributeType type, ulong number) => new(QueryOperator.Above, type, BitConverter.GetBytes(number));

    private static QueryTerm Below(AttributeType type, ulong number) => new(QueryOperator.Below, type, BitConverter.GetBytes(number));
}
