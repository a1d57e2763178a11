namespace Strongroom.Store;

/// <summary>What any store must take, and more than which none is asked to take. The two limits of a transaction are etcd's defaults.</summary>
public static class StoreLimits
{
    /// <summary>Puts and deletes of one transaction, and separately its compares (etcd: max-txn-ops).</summary>
    public const int Operations = 128;

    /// <summary>Bytes of one transaction: paths and values (etcd: max-request-bytes, less room for the message around them).</summary>
    public const int TransactionBytes = 1_500_000;

    /// <summary>Characters of a path, printable ASCII: so every store orders paths alike.</summary>
    public const int PathLength = 512;

    /// <summary>Records of one page.</summary>
    public const int PageRecords = 10_000;
}
