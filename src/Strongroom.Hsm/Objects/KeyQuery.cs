using System.Buffers.Binary;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// A decoded search: a program in reverse Polish notation over a stack of booleans. It has at most 256 steps, is checked once, and can then not fail on any object.
/// A comparison with an attribute that a key does not have, or that is secret, is false.
/// </summary>
internal sealed class KeyQuery
{
    private const int MaxSteps = 256;

    private readonly List<Step> _steps;

    private KeyQuery(List<Step> steps, Template necessary) => (_steps, Necessary) = (steps, necessary);

    /// <summary>What every match has: label, id and class that the program asks for without an alternative. An index finds those first.</summary>
    public Template Necessary { get; }

    /// <summary>Checks a program.</summary>
    /// <returns>CKR_ARGUMENTS_BAD for one that is none, CKR_ATTRIBUTE_TYPE_INVALID and CKR_ATTRIBUTE_VALUE_INVALID as for a template.</returns>
    public static Outcome<KeyQuery> Decode(ReadOnlySpan<QueryTerm> terms)
    {
        if (terms.Length > MaxSteps)
        {
            return Causes.QueryMalformed;
        }

        var steps = new List<Step>(terms.Length);
        var necessary = new Stack<List<RawAttribute>>();
        foreach (QueryTerm term in terms)
        {
            Outcome<Step> step = Step.Decode(term);
            if (!step.IsOk)
            {
                return step.Cause;
            }

            if (!Push(necessary, term))
            {
                return Causes.QueryMalformed;
            }

            steps.Add(step.Value);
        }

        if (necessary.Count != (terms.Length == 0 ? 0 : 1))
        {
            return Causes.QueryMalformed;
        }

        // Two different labels at once match nothing, which the program itself finds out.
        RawAttribute[] asked = necessary.Count == 0 ? [] : [.. necessary.Pop().DistinctBy(attribute => attribute.Type)];
        Outcome<Template> template = Template.Decode(asked);
        return template.IsOk ? new KeyQuery(steps, template.Value) : template.Cause;
    }

    /// <summary>Whether an object is a key that the program describes.</summary>
    public bool Matches(HsmObject item)
    {
        if (!item.IsKey)
        {
            return false;
        }

        Span<bool> stack = stackalloc bool[MaxSteps];
        int top = 0;
        foreach (Step step in _steps)
        {
            switch (step.Operator)
            {
                case QueryOperator.And:
                    top--;
                    stack[top - 1] &= stack[top];
                    break;
                case QueryOperator.Or:
                    top--;
                    stack[top - 1] |= stack[top];
                    break;
                case QueryOperator.Not:
                    stack[top - 1] = !stack[top - 1];
                    break;
                default:
                    stack[top++] = step.Holds(item);
                    break;
            }
        }

        return top == 0 || stack[0];
    }

    // Keeps beside each boolean what must be so for it to be true.
    private static bool Push(Stack<List<RawAttribute>> stack, QueryTerm term)
    {
        switch (term.Operator)
        {
            case QueryOperator.And when stack.Count >= 2:
                List<RawAttribute> right = stack.Pop();
                stack.Peek().AddRange(right);
                return true;
            case QueryOperator.Or when stack.Count >= 2:
                stack.Pop();
                stack.Peek().Clear();
                return true;
            case QueryOperator.Not when stack.Count >= 1:
                stack.Peek().Clear();
                return true;
            case QueryOperator.And or QueryOperator.Or or QueryOperator.Not:
                return false;
            default:
                bool indexed = term is { Operator: QueryOperator.Equal, Type: AttributeType.Label or AttributeType.Id or AttributeType.Class };
                stack.Push(indexed ? [new RawAttribute(term.Type, term.Value)] : []);
                return true;
        }
    }

    private sealed record Step(QueryOperator Operator, AttributeType Type, ReadOnlyMemory<byte> Value, Template? Wanted, ObjectFlags Flag)
    {
        public static Outcome<Step> Decode(QueryTerm term)
        {
            if (term.Operator is QueryOperator.And or QueryOperator.Or or QueryOperator.Not)
            {
                return new Step(term.Operator, default, default, null, default);
            }

            if (AttributeKinds.Find(term.Type) is not { } row)
            {
                return Causes.AttributeUnknown.On(term.Type);
            }

            switch (term.Operator)
            {
                case QueryOperator.Equal when row.Kind != ValueKind.Template:
                    Outcome<Template> wanted = Template.Decode([new RawAttribute(term.Type, term.Value)]);
                    return wanted.IsOk ? new Step(term.Operator, term.Type, default, wanted.Value, row.Flag) : wanted.Cause;
                case QueryOperator.Below or QueryOperator.Above when row.Kind is ValueKind.Number or ValueKind.Date && term.Value.Length == sizeof(ulong):
                case QueryOperator.Like when row.Kind == ValueKind.Bytes:
                case QueryOperator.Present:
                    return new Step(term.Operator, term.Type, term.Value, null, row.Flag);
                default:
                    return Causes.AttributeValue.On(term.Type);
            }
        }

        public bool Holds(HsmObject item)
        {
            if (Wanted is not null)
            {
                return OpenAttributes.Match(item, Wanted);
            }

            if (!OpenAttributes.TryRead(item, Type, out ReadOnlyMemory<byte> value))
            {
                return false;
            }

            return Operator switch
            {
                QueryOperator.Present => value.Length > 0,
                QueryOperator.Like => Glob.Matches(Value.Span, value.Span),
                _ when value.Length != sizeof(ulong) => false,
                QueryOperator.Below => Order(value.Span) < Order(Value.Span),
                _ => Order(value.Span) > Order(Value.Span),
            };
        }

        // A CK_DATE's digits are in the order of time when read big-endian; a CK_ULONG is little-endian.
        private ulong Order(ReadOnlySpan<byte> value) =>
            Type is AttributeType.StartDate or AttributeType.EndDate ? BinaryPrimitives.ReadUInt64BigEndian(value) : BinaryPrimitives.ReadUInt64LittleEndian(value);
    }
}
