namespace Strongroom.Store.Commits;

/// <summary>What a change wants: some records written and deleted together and the result to give when they are durable; or nothing, and a result at once.</summary>
/// <typeparam name="T">What the caller gets, in both cases; a refusal is the caller's own type.</typeparam>
public sealed class Proposal<T>
{
    internal Proposal(T value, IReadOnlyList<Change> changes)
    {
        Value = value;
        Changes = changes;
    }

    public T Value { get; }

    /// <summary>Empty for a refusal.</summary>
    public IReadOnlyList<Change> Changes { get; }
}
