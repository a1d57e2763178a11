using System.Runtime.InteropServices;
using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Searches of keys. One that counts looks at every key that its caller sees, so it runs off the reading loop.</summary>
internal static class KeySearches
{
    public static ValueTask<Outcome<SearchKeysReply>> SearchAsync(Exchange exchange, SearchKeysRequest request, CancellationToken cancel)
    {
        // AttributeType and QueryOperator are enums over ulong, so the numbers are the types.
        var types = MemoryMarshal.Cast<ulong, AttributeType>(request.Types.AsSpan());
        var query = Array.ConvertAll(request.Query, term => new QueryTerm((Hsm.QueryOperator)term.Operator, (AttributeType)(term.Type ?? ulong.MaxValue), term.Value ?? default));
        var found = exchange.Module.SearchKeys(
            exchange.Caller,
            new SessionId(request.Session),
            query,
            new ObjectHandle(request.After),
            (int)Math.Min(request.Skip, int.MaxValue),
            (int)Math.Min(request.Limit, int.MaxValue),
            request.Count,
            types);
        return ValueTask.FromResult(found.IsOk
            ? new SearchKeysReply((ulong)found.Value.Total, [.. found.Value.Keys.Select(key => new WireFoundKey(key.Handle.Value, Templates.To(key.Attributes)))], found.Value.More)
            : (Outcome<SearchKeysReply>)found.Cause);
    }
}
