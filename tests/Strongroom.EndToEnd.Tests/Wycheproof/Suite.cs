using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Wycheproof;

/// <summary>What the suites share: one token for all, and keys that are gone after each test.</summary>
[Collection(typeof(SharedDeployment))]
public abstract class Suite(QuickstartDeployment deployment) : IDisposable
{
    private readonly List<ulong> _objects = [];

    private protected Token Token { get; } = Token.Of(deployment);

    /// <returns>0 where the HSM refuses the key, which then counts as refusing whatever would be done with it.</returns>
    private protected ulong Import(params CkAttribute[] template)
    {
        Forget();
        var (rv, handle) = Token.Create([.. template, CkAttribute.Of(Cka.Token, false)]);
        return rv == Ck.Ok ? Remember(handle) : 0;
    }

    private protected ulong Secret(ulong keyType, byte[] value, params ulong[] uses) =>
        Import([CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, keyType), CkAttribute.Of(Cka.Value, value), .. uses.Select(u => CkAttribute.Of(u, true))]);

    private protected ulong Remember(ulong handle)
    {
        _objects.Add(handle);
        return handle;
    }

    private protected void Forget()
    {
        foreach (var handle in _objects)
        {
            Token.Destroy(handle);
        }

        _objects.Clear();
    }

    /// <summary>A derived or unwrapped secret that may be read.</summary>
    private protected static CkAttribute[] Readable(int? length) =>
    [
        CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.Token, false),
        CkAttribute.Of(Cka.Sensitive, false), CkAttribute.Of(Cka.Extractable, true),
        .. length is { } n ? new[] { CkAttribute.Of(Cka.ValueLen, (ulong)n) } : [],
    ];

    public void Dispose()
    {
        Forget();
        Token.Dispose();
        GC.SuppressFinalize(this);
    }
}
