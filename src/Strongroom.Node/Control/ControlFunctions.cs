using Strongroom.Hsm;
using Strongroom.Wire;
using static Strongroom.Node.Control.ControlFunction;

namespace Strongroom.Node.Control;

/// <summary>Every function of the control channel. None of them can use a key.</summary>
internal static class ControlFunctions
{
    private static readonly Cause WrongPassphrase = new(Rv.PinIncorrect, "the passphrase is wrong, or root.sealed was changed");

    private static readonly Cause NotItsRoot = new(Rv.PinIncorrect, "the backup does not open: the passphrase is wrong, or it is not the root.key of the HSM that made it");

    private static readonly Dictionary<Function, ControlFunction> All = new ControlFunction[]
    {
        Of<DescribeHsmRequest, DescribeHsmReply>((life, _, _) => Task.FromResult<Outcome<DescribeHsmReply>>(life.Describe())),
        Of<GetIdentityRequestsRequest, GetIdentityRequestsReply>(async (life, _, cancel) =>
            new GetIdentityRequestsReply(await life.GetIdentityRequestAsync(cancel).ConfigureAwait(false))),
        Of<InstallIdentityRequest, InstallIdentityReply>(async (life, request, cancel) =>
        {
            await life.InstallIdentityAsync(request.Owner, request.Manufacturer, cancel).ConfigureAwait(false);
            return new InstallIdentityReply();
        }),
        Of<CreateClusterRequest, CreateClusterReply>(async (life, request, cancel) =>
            new CreateClusterReply(await life.CreateClusterAsync(request.Cluster, request.Mode, cancel).ConfigureAwait(false))),
        Of<GetCertificatesRequest, GetCertificatesReply>(async (life, _, cancel) => await life.GetCertificatesAsync(cancel).ConfigureAwait(false)),
        Of<InitializeRequest, InitializeReply>(async (life, request, cancel) =>
        {
            await life.InitializeAsync(request.SignedCert, request.TrustAnchor, cancel).ConfigureAwait(false);
            return new InitializeReply();
        }),
        Of<UnsealRequest, UnsealReply>(async (life, request, cancel) =>
            await life.UnsealAsync(request.Passphrase, cancel).ConfigureAwait(false) ? new UnsealReply() : WrongPassphrase),
        Of<BackupRequest, BackupReply>(async (life, request, cancel) => await life.BackupAsync(request.Path, cancel).ConfigureAwait(false)),
        Of<RestoreRequest, RestoreReply>(async (life, request, cancel) =>
            await life.RestoreAsync(request.Path, request.Passphrase, request.RootKeyFile, cancel).ConfigureAwait(false) ? new RestoreReply() : NotItsRoot),
        Of<AcceptStoreRequest, AcceptStoreReply>(async (life, request, cancel) =>
            await life.AcceptStoreAsync([.. request.Words.Select(word => new AdminWord(word.User, word.Password, word.Signature))], cancel).ConfigureAwait(false) is { } accepted ? accepted : Causes.NoSuchAdmin),
    }.ToDictionary(f => f.Function);

    /// <summary>The function of this number, or null.</summary>
    public static ControlFunction? Find(Function number) => All.GetValueOrDefault(number);
}
