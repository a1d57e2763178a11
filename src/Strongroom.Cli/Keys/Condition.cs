using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>
/// The conditions of `key find`. `or` binds loosest, then `and`, then `not`:
/// <c>label like 'web-*' and (key-type = rsa or curve in (secp256r1, secp384r1)) and not extractable and end-date &lt; 2027-01-01</c>.
/// A name alone is true of a flag that is set and of any other attribute that is not empty.
/// </summary>
internal sealed class Condition
{
    private const int MaxDepth = 32;

    private readonly IReadOnlyList<string> _tokens;
    private readonly KeyQuery _query = new();
    private int _next;
    private int _depth;

    private Condition(IReadOnlyList<string> tokens) => _tokens = tokens;

    public static KeyQuery Parse(string text)
    {
        var condition = new Condition(ConditionTokens.Split(text));
        condition.Or();
        return condition._next == condition._tokens.Count ? condition._query : throw condition.Unexpected("and, or, or the end");
    }

    private void Or()
    {
        if (++_depth > MaxDepth)
        {
            throw new CommandRefusedException("The condition is nested too deeply");
        }

        And();
        while (Take("or"))
        {
            And();
            _query.Or();
        }

        _depth--;
    }

    private void And()
    {
        Not();
        while (Take("and"))
        {
            Not();
            _query.And();
        }
    }

    private void Not()
    {
        if (Take("not"))
        {
            if (++_depth > MaxDepth)
            {
                throw new CommandRefusedException("The condition is nested too deeply");
            }

            Not();
            _query.Not();
            _depth--;
        }
        else if (Take("("))
        {
            Or();
            Need(")");
        }
        else
        {
            Comparison();
        }
    }

    private void Comparison()
    {
        var attribute = AttributeList.Named(Word("the name of an attribute"));
        switch (Peek())
        {
            case "=" or "==":
                _next++;
                _query.Equal(attribute, Value());
                break;
            case "!=":
                _next++;
                _query.Equal(attribute, Value()).Not();
                break;
            case "<":
                _next++;
                _query.Below(Ordered(attribute), Value());
                break;
            case ">":
                _next++;
                _query.Above(Ordered(attribute), Value());
                break;
            case "<=":
                _next++;
                _query.Present(Ordered(attribute)).Above(attribute, Value()).Not().And();
                break;
            case ">=":
                _next++;
                _query.Present(Ordered(attribute)).Below(attribute, Value()).Not().And();
                break;
            case "like":
                _next++;
                _query.Like(
                    attribute.Form == AttributeForm.Text ? attribute : throw new CommandRefusedException($"{attribute.Name} is no text; only label is compared by like"), Value());
                break;
            case "in":
                _next++;
                In(attribute);
                break;
            default:
                _ = attribute.Form == AttributeForm.Flag ? _query.Equal(attribute, "true") : _query.Present(attribute);
                break;
        }
    }

    private void In(KeyAttribute attribute)
    {
        Need("(");
        _query.Equal(attribute, Value());
        while (Take(","))
        {
            _query.Equal(attribute, Value()).Or();
        }

        Need(")");
    }

    private static KeyAttribute Ordered(KeyAttribute attribute) => attribute.Form is AttributeForm.Number or AttributeForm.Date
        ? attribute
        : throw new CommandRefusedException($"{attribute.Name} has no order; numbers and dates have one");

    private string? Peek() => _next < _tokens.Count ? _tokens[_next] : null;

    private bool Take(string token)
    {
        var taken = Peek() == token;
        _next += taken ? 1 : 0;
        return taken;
    }

    private void Need(string token)
    {
        if (!Take(token))
        {
            throw Unexpected(token);
        }
    }

    private string Word(string what) => Peek() is { } word && !ConditionTokens.IsSign(word) ? _tokens[_next++].TrimStart(ConditionTokens.Quoted) : throw Unexpected(what);

    private string Value() => Word("a value");

    private CommandRefusedException Unexpected(string wanted) =>
        new($"The condition has {(Peek() is { } token ? token.TrimStart(ConditionTokens.Quoted) : "its end")} where {wanted} is expected");
}
