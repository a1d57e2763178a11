namespace Strongroom.Store;

/// <summary>If every compare holds, all operations happen as one commit; otherwise none.</summary>
public sealed record StoreTransaction(IReadOnlyList<StoreCompare> Compares, IReadOnlyList<StoreOperation> Operations)
{
    /// <summary>Refuses what some store would refuse, so that all of them refuse alike.</summary>
    /// <exception cref="ArgumentException">A limit of <see cref="StoreLimits"/> is passed, or a path is written twice.</exception>
    public void Validate()
    {
        if (Operations.Count is 0 or > StoreLimits.Operations || Compares.Count > StoreLimits.Operations)
        {
            throw new ArgumentException($"A transaction takes 1 to {StoreLimits.Operations} operations and as many compares; this one has {Operations.Count} and {Compares.Count}.");
        }
        var paths = new HashSet<string>(Operations.Count, StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var operation in Operations)
        {
            var length = operation.Path.Length;
            bytes += length + (operation.Value?.Length ?? 0);
            if (length is 0 or > StoreLimits.PathLength || operation.Path.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException($"A path takes 1 to {StoreLimits.PathLength} printable ASCII characters; '{operation.Path}' has {length}.");
            }
            if (!paths.Add(operation.Path))
            {
                throw new ArgumentException($"A transaction writes a path once; '{operation.Path}' occurs twice.");
            }
        }
        if (bytes > StoreLimits.TransactionBytes)
        {
            throw new ArgumentException($"A transaction takes {StoreLimits.TransactionBytes} bytes; this one has {bytes}.");
        }
    }
}
