using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Using keys: the hot path.</summary>
internal static class Operations
{
    /// <summary>Of one request for random bytes.</summary>
    public const ulong MostRandomBytes = ProtocolLimits.Data;

    private static readonly Cause UnknownUse = new(Rv.ArgumentsBad, "there is no such use of a key");
    private static readonly Cause TooMuchRandom = new(Rv.ArgumentsBad, "at most 1048576 random bytes are drawn at once");

    public static Outcome<PrepareReply> Prepare(Exchange exchange, PrepareRequest request)
    {
        if (!TryUse(request.Use, out var use))
        {
            return UnknownUse;
        }

        var verdict = exchange.Module.Prepare(exchange.Caller, new SessionId(request.Session), use, Templates.From(request.Mechanism), new ObjectHandle(request.Key));
        if (!verdict.IsOk)
        {
            return verdict.Cause;
        }

        var (output, multipart, resends, cacheable, keyVersion) = verdict.Value;
        return new PrepareReply((ulong)output.Fixed, (ulong)output.Add, (ulong)output.Block, (ulong)output.MaxInput, multipart, cacheable, keyVersion, resends);
    }

    public static Outcome<PerformReply> Perform(Exchange exchange, PerformRequest request)
    {
        if (!TryUse(request.Use, out var use))
        {
            return UnknownUse;
        }

        var done = exchange.Module.Perform(
            exchange.Caller,
            new SessionId(request.Session),
            use,
            Templates.From(request.Mechanism),
            new ObjectHandle(request.Key),
            request.Data.Span,
            request.Signature is { } signature ? signature.Span : default,
            exchange.Scratch);
        return done.IsOk ? new PerformReply(exchange.Scratch.Written, done.Value.Bytes) : done.Cause;
    }

    public static Outcome<BeginReply> Begin(Exchange exchange, BeginRequest request)
    {
        if (!TryUse(request.Use, out var use))
        {
            return UnknownUse;
        }

        var begun = exchange.Module.Begin(exchange.Caller, new SessionId(request.Session), use, Templates.From(request.Mechanism), new ObjectHandle(request.Key));
        return begun.IsOk ? new BeginReply(begun.Value.Bytes) : begun.Cause;
    }

    public static Outcome<UpdateReply> Update(Exchange exchange, UpdateRequest request) => TryUse(request.Use, out var use)
        ? exchange.Module.Update(exchange.Caller, new SessionId(request.Session), use, request.Data.Span, new ObjectHandle(request.Key ?? 0), exchange.Scratch)
            .With(new UpdateReply(exchange.Scratch.Written))
        : UnknownUse;

    public static Outcome<FinishReply> Finish(Exchange exchange, FinishRequest request)
    {
        if (!TryUse(request.Use, out var use))
        {
            return UnknownUse;
        }

        var goesOn = exchange.Module.FinishPass(exchange.Caller, new SessionId(request.Session), use, request.Signature is { } signature ? signature.Span : default, exchange.Scratch);
        return goesOn.IsOk ? new FinishReply(exchange.Scratch.Written, goesOn.Value) : goesOn.Cause;
    }

    public static Outcome<CancelReply> Cancel(Exchange exchange, CancelRequest request) => TryUse(request.Use, out var use)
        ? exchange.Module.Cancel(exchange.Caller, new SessionId(request.Session), use).With(new CancelReply())
        : UnknownUse;

    public static Outcome<GenerateRandomReply> GenerateRandom(Exchange exchange, GenerateRandomRequest request) => request.Length <= MostRandomBytes
        ? exchange.Module.GenerateRandom(exchange.Caller, (int)request.Length, exchange.Scratch).With(new GenerateRandomReply(exchange.Scratch.Written))
        : TooMuchRandom;

    public static Outcome<SeedRandomReply> SeedRandom(Exchange exchange, SeedRandomRequest request) =>
        exchange.Module.SeedRandom(exchange.Caller, request.Seed.Span).With(new SeedRandomReply());

    private static bool TryUse(ulong number, out Hsm.Use use)
    {
        use = (Hsm.Use)number;
        return number is >= (ulong)Hsm.Use.Encrypt and <= (ulong)Hsm.Use.Decapsulate;
    }
}
