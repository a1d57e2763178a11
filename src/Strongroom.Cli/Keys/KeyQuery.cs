using Strongroom.Cli.Attributes;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>A search of keys in the making: steps in reverse Polish notation, as the HSM takes them.</summary>
internal sealed class KeyQuery
{
    private readonly List<WireQueryTerm> _steps = [];

    public WireQueryTerm[] ToArray() => [.. _steps];

    /// <summary>The attribute is printed as this text.</summary>
    public KeyQuery Equal(KeyAttribute attribute, string text)
    {
        var choices = AttributeValue.Choices(attribute, text);
        Compare(QueryOperator.Equal, attribute, choices[0]);
        foreach (var choice in choices.Skip(1))
        {
            Compare(QueryOperator.Equal, attribute, choice).Or();
        }

        // A flag that a key does not have is printed, so it is found as it is printed (see KeyView).
        return attribute.Form == AttributeForm.Flag && choices[0] is [not 0] == KeyView.OfAbsent(attribute) ? Present(attribute).Not().Or() : this;
    }

    /// <summary>The attribute's bytes are as a pattern with * and ? describes.</summary>
    public KeyQuery Like(KeyAttribute attribute, string pattern) => Compare(QueryOperator.Like, attribute, System.Text.Encoding.UTF8.GetBytes(pattern));

    public KeyQuery Below(KeyAttribute attribute, string text) => Compare(QueryOperator.Below, attribute, AttributeValue.Choices(attribute, text)[0]);

    public KeyQuery Above(KeyAttribute attribute, string text) => Compare(QueryOperator.Above, attribute, AttributeValue.Choices(attribute, text)[0]);

    /// <summary>The key has the attribute, and it is not empty.</summary>
    public KeyQuery Present(KeyAttribute attribute) => Compare(QueryOperator.Present, attribute, null);

    public KeyQuery And() => Join(QueryOperator.And);

    public KeyQuery Or() => Join(QueryOperator.Or);

    public KeyQuery Not() => Join(QueryOperator.Not);

    private KeyQuery Compare(QueryOperator comparison, KeyAttribute attribute, byte[]? value)
    {
        _steps.Add(new WireQueryTerm((ulong)comparison, attribute.Type, value is null ? (ReadOnlyMemory<byte>?)null : value));
        return this;
    }

    private KeyQuery Join(QueryOperator join)
    {
        _steps.Add(new WireQueryTerm((ulong)join, null, null));
        return this;
    }
}
