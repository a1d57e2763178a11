using System.Runtime.InteropServices;
using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Objects and their attributes.</summary>
internal static class Objects
{
    private const int LargestPage = 4096;

    public static async ValueTask<Outcome<CreateObjectReply>> CreateAsync(Exchange exchange, CreateObjectRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.CreateObjectAsync(
            exchange.Caller, new SessionId(request.Session), new CreationNumber(request.Creation), Templates.From(request.Template), cancel).ConfigureAwait(false);
        return made.IsOk ? new CreateObjectReply(made.Value.Value) : made.Cause;
    }

    public static async ValueTask<Outcome<CopyObjectReply>> CopyAsync(Exchange exchange, CopyObjectRequest request, CancellationToken cancel)
    {
        var made = await exchange.Module.CopyObjectAsync(
            exchange.Caller, new SessionId(request.Session), new CreationNumber(request.Creation), new ObjectHandle(request.Handle), Templates.From(request.Template), cancel).ConfigureAwait(false);
        return made.IsOk ? new CopyObjectReply(made.Value.Value) : made.Cause;
    }

    public static async ValueTask<Outcome<DestroyObjectReply>> DestroyAsync(Exchange exchange, DestroyObjectRequest request, CancellationToken cancel) =>
        (await exchange.Module.DestroyObjectAsync(
            exchange.Caller, new SessionId(request.Session), new CreationNumber(request.Creation), new ObjectHandle(request.Handle), cancel).ConfigureAwait(false)).With(new DestroyObjectReply());

    public static Outcome<GetAttributesReply> GetAttributes(Exchange exchange, GetAttributesRequest request)
    {
        // AttributeType is an enum over ulong, so the numbers are the types.
        var types = MemoryMarshal.Cast<ulong, AttributeType>(request.Types.AsSpan());
        var read = exchange.Module.GetAttributes(exchange.Caller, new SessionId(request.Session), new ObjectHandle(request.Handle), types);
        if (read.IsOk)
        {
            exchange.ClearAfterwards(read.Value.Where(r => r.IsSecret).Select(r => r.Value!.Value));
        }

        return read.IsOk
            ? new GetAttributesReply(Templates.To(read.Value))
            : read.Cause;
    }

    public static async ValueTask<Outcome<SetAttributesReply>> SetAttributesAsync(Exchange exchange, SetAttributesRequest request, CancellationToken cancel) =>
        (await exchange.Module.SetAttributesAsync(
            exchange.Caller, new SessionId(request.Session), new ObjectHandle(request.Handle), Templates.From(request.Template), cancel).ConfigureAwait(false)).With(new SetAttributesReply());

    public static Outcome<FindObjectsReply> Find(Exchange exchange, FindObjectsRequest request)
    {
        var found = exchange.Module.FindObjects(
            exchange.Caller, new SessionId(request.Session), Templates.From(request.Template), new ObjectHandle(request.After), (int)Math.Clamp(request.Limit, 1, LargestPage),
            request.KeyTypes.Length > 0 ? Array.ConvertAll(request.KeyTypes, type => (KeyType)type) : null);
        if (!found.IsOk)
        {
            return found.Cause;
        }

        var handles = new ulong[found.Value.Handles.Count];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = found.Value.Handles[i].Value;
        }

        return new FindObjectsReply(handles, found.Value.More);
    }

    public static Outcome<GetObjectSizeReply> GetSize(Exchange exchange, GetObjectSizeRequest request)
    {
        var size = exchange.Module.GetObjectSize(exchange.Caller, new SessionId(request.Session), new ObjectHandle(request.Handle));
        return size.IsOk ? new GetObjectSizeReply(size.Value) : size.Cause;
    }
}
