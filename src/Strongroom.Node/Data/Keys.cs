using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Making, wrapping and deriving keys.</summary>
internal static class Keys
{
    public static async ValueTask<Outcome<GenerateKeyReply>> GenerateAsync(Exchange exchange, GenerateKeyRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.GenerateKeyAsync(
            exchange.Caller,
            new SessionId(request.Session),
            new CreationNumber(request.Creation),
            Templates.From(request.Mechanism),
            Templates.From(request.Template),
            Sharing.Terms(request.ShareWith, request.ManageQuorum, request.UseQuorum),
            cancel).ConfigureAwait(false);
        return made.IsOk ? new GenerateKeyReply(made.Value.Value) : made.Cause;
    }

    public static async ValueTask<Outcome<GenerateKeyPairReply>> GeneratePairAsync(Exchange exchange, GenerateKeyPairRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.GenerateKeyPairAsync(
            exchange.Caller,
            new SessionId(request.Session),
            new CreationNumber(request.Creation),
            Templates.From(request.Mechanism),
            Templates.From(request.PublicTemplate),
            Templates.From(request.PrivateTemplate),
            Sharing.Terms(request.ShareWith, request.ManageQuorum, request.UseQuorum),
            cancel).ConfigureAwait(false);
        return made.IsOk ? new GenerateKeyPairReply(made.Value.Public.Value, made.Value.Private.Value) : made.Cause;
    }

    public static Outcome<WrapKeyReply> Wrap(Exchange exchange, WrapKeyRequest request)
    {
        var wrapped = exchange.Module.WrapKey(
            exchange.Caller, new SessionId(request.Session), Templates.From(request.Mechanism), new ObjectHandle(request.WrappingKey), new ObjectHandle(request.Key));
        return wrapped.IsOk ? new WrapKeyReply(wrapped.Value.Bytes, wrapped.Value.Iv.Bytes) : wrapped.Cause;
    }

    public static async ValueTask<Outcome<UnwrapKeyReply>> UnwrapAsync(Exchange exchange, UnwrapKeyRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.UnwrapKeyAsync(
            exchange.Caller,
            new SessionId(request.Session),
            new CreationNumber(request.Creation),
            Templates.From(request.Mechanism),
            new ObjectHandle(request.UnwrappingKey),
            request.Wrapped,
            Templates.From(request.Template),
            Sharing.Terms(request.ShareWith, request.ManageQuorum, request.UseQuorum),
            cancel).ConfigureAwait(false);
        return made.IsOk ? new UnwrapKeyReply(made.Value.Value) : made.Cause;
    }

    public static async ValueTask<Outcome<DeriveKeyReply>> DeriveAsync(Exchange exchange, DeriveKeyRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.DeriveKeyAsync(
            exchange.Caller,
            new SessionId(request.Session),
            new CreationNumber(request.Creation),
            Templates.From(request.Mechanism),
            new ObjectHandle(request.BaseKey),
            Templates.From(request.Template),
            cancel).ConfigureAwait(false);
        return made.IsOk ? new DeriveKeyReply(made.Value.Value) : made.Cause;
    }

    public static async ValueTask<Outcome<EncapsulateKeyReply>> EncapsulateAsync(Exchange exchange, EncapsulateKeyRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.EncapsulateKeyAsync(
            exchange.Caller,
            new SessionId(request.Session),
            new CreationNumber(request.Creation),
            Templates.From(request.Mechanism),
            new ObjectHandle(request.PublicKey),
            Templates.From(request.Template),
            cancel).ConfigureAwait(false);
        return made.IsOk ? new EncapsulateKeyReply(made.Value.Ciphertext, made.Value.Key.Value) : made.Cause;
    }

    public static async ValueTask<Outcome<DecapsulateKeyReply>> DecapsulateAsync(Exchange exchange, DecapsulateKeyRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.DecapsulateKeyAsync(
            exchange.Caller,
            new SessionId(request.Session),
            new CreationNumber(request.Creation),
            Templates.From(request.Mechanism),
            new ObjectHandle(request.PrivateKey),
            request.Ciphertext,
            Templates.From(request.Template),
            cancel).ConfigureAwait(false);
        return made.IsOk ? new DecapsulateKeyReply(made.Value.Value) : made.Cause;
    }
}
