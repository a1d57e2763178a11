using System.Text.RegularExpressions;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

/// <summary>Every attribute of every kind of object × every way to make it and to change it, against tables that were written from the standard and not from the code.</summary>
public sealed partial class AttributeRulesTests
{
    public static TheoryData<string> Names => [.. Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_attribute_is_taken_and_changed_as_the_standard_says(string name)
    {
        await using TestHsm hsm = await TestHsm.StartAsync("alice");
        var world = await World.MakeAsync(hsm, Kinds.Single(kind => kind.Name == name));
        var wrong = new List<string>();
        foreach (Row row in world.Kind.Rows)
        {
            await CheckMakingAsync("C_CreateObject", world.Kind.Ways.Contains('C', StringComparison.Ordinal) ? row.Create : '.', world.Given, world.CreateAsync);
            await CheckMakingAsync("C_GenerateKey", world.Kind.Ways.Contains('G', StringComparison.Ordinal) ? row.Generate : '.', world.Asked, world.GenerateAsync);
            await CheckMakingAsync("C_UnwrapKey", world.Kind.Ways.Contains('U', StringComparison.Ordinal) ? row.Unwrap : '.', world.Named, world.UnwrapAsync);
            await CheckMakingAsync("C_DeriveKey", world.Kind.Ways.Contains('D', StringComparison.Ordinal) ? row.Derive : '.', world.Wanted, world.DeriveAsync);
            await CheckChangingAsync(row);

            async Task CheckMakingAsync(string function, char rule, RawAttribute[] template, Func<RawAttribute[], Task<Rv>> make)
            {
                RawAttribute[] without = [.. template.Where(given => given.Type != row.Type)];
                RawAttribute value = template.FirstOrDefault(given => given.Type == row.Type, world.Sample(row.Type));
                Expect(function + " with it", rule is 'M' or 'o' ? Rv.Ok : rule == 'x' ? Rv.TemplateInconsistent : Rv.AttributeReadOnly, rule == '.' ? null : await make([.. without, value]));
                if (without.Length < template.Length)
                {
                    Expect(function + " without it", rule == 'M' ? Rv.TemplateIncomplete : Rv.Ok, rule == '.' ? null : await make(without));
                }
            }

            void Expect(string what, Rv expected, Rv? actual)
            {
                if (actual is { } rv && rv != expected)
                {
                    wrong.Add($"{row.Type}: {what}: {rv}, not {expected}");
                }
            }

            async Task CheckChangingAsync(Row one)
            {
                ObjectHandle made = await world.MakeOneAsync();
                switch (one.Later)
                {
                    case 'f':
                        Expect("changed", Rv.Ok, (await hsm.SetAsync(world.Alice, made, world.Sample(one.Type))).Rv);
                        break;
                    case 't' or 'F':
                        Expect("changed the right way", Rv.Ok, (await hsm.SetAsync(world.Alice, made, one.Type.Is(one.Later == 't'))).Rv);
                        Rv back = (await hsm.SetAsync(world.Alice, made, one.Type.Is(one.Later != 't'))).Rv;
                        Expect("changed back", one.Type == AttributeType.Modifiable ? Rv.ActionProhibited : Rv.AttributeReadOnly, back);
                        break;
                    case 'x':
                        Expect("set", Rv.TemplateInconsistent, (await hsm.SetAsync(world.Alice, made, world.Sample(one.Type))).Rv);
                        break;
                    default:
                        Expect("set", Rv.AttributeReadOnly, (await hsm.SetAsync(world.Alice, made, world.Sample(one.Type))).Rv);
                        Expect("in a copy", one.Later == 'c' ? Rv.Ok : Rv.AttributeReadOnly, await world.CopyAsync(made, world.Sample(one.Type)));
                        break;
                }
            }
        }

        Assert.Empty(wrong);
    }

    private sealed record Row(AttributeType Type, char Create, char Generate, char Unwrap, char Derive, char Later);

    private sealed partial record Kind(string Name, ObjectClass Class, KeyType? Type, string Ways, params string[] Tables)
    {
        public IEnumerable<Row> Rows => from line in string.Join('\n', Tables).Split('\n')
                                        let cells = Cells().Match(line)
                                        select new Row(Enum.Parse<AttributeType>(cells.Groups[1].Value), cells.Groups[2].Value[0], cells.Groups[3].Value[0], cells.Groups[4].Value[0], cells.Groups[5].Value[0], cells.Groups[6].Value[0]);

        [GeneratedRegex(@"^(\w+) +(\S) (\S) (\S) (\S) (\S)")]
        private static partial Regex Cells();
    }
}
