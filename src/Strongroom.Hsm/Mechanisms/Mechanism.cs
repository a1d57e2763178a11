using System.Buffers;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>
/// A mechanism: what it is, and what it does. Everything that a type does not state is refused. The public methods judge (use, FIPS mode, parameter, key) before they call the protected one
/// of the same purpose, so that no leaf can forget to.
/// Whether the caller may use the key at all has been judged before: that is Policy's matter, and this class knows neither users nor attributes.
/// </summary>
public abstract class Mechanism
{
    private const int Des3Length = 24;

    /// <summary>CK_MECHANISM_TYPE.</summary>
    public abstract ulong Number { get; }

    /// <summary>As PKCS#11 writes it: CKM_….</summary>
    public abstract string Name { get; }

    /// <summary>What it is for.</summary>
    public abstract MechanismFlags Flags { get; }

    /// <summary>Its keys' sizes.</summary>
    public abstract KeySizes KeySizes { get; }

    /// <summary>What a cluster in FIPS mode may do with it.</summary>
    public virtual Approval Approval => Approval.Full;

    /// <summary>Its parameter's shape.</summary>
    public virtual ParameterShape Shape => ParameterShape.None;

    /// <summary>Whether <see cref="Begin"/> works.</summary>
    public virtual bool Multipart => false;

    /// <summary>What C_GetMechanismInfo tells.</summary>
    public MechanismDetail Detail => new(Number, (ulong)KeySizes.Min, (ulong)KeySizes.Max, (ulong)(Flags | MessageFlags | MechanismFlags.Hardware), Shape, Multipart);

    /// <summary>Whether it encrypts messages, each with an IV of its own, under one Init (PKCS#11 3.2, 5.9).</summary>
    protected virtual bool EncryptsMessages => false;

    // Whatever signs, signs messages too.
    private MechanismFlags MessageFlags
    {
        get
        {
            MechanismFlags flags = (Supports(MechanismFlags.Sign) ? MechanismFlags.MessageSign : 0) | (Supports(MechanismFlags.Verify) ? MechanismFlags.MessageVerify : 0)
                | (EncryptsMessages ? MechanismFlags.MessageEncrypt | MechanismFlags.MessageDecrypt : 0);
            return flags != 0 && Multipart ? flags | MechanismFlags.MultiMessage : flags;
        }
    }

    /// <summary>Judges an operation before it starts, and tells how long its output will be.</summary>
    /// <param name="use">What to do.</param>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="key">The key; null for a digest.</param>
    /// <param name="mode">The cluster's mode.</param>
    public Outcome<OutputLength> Check(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        if (!Supports(FlagOf(use)))
        {
            return MechanismCauses.NotForThisUse;
        }

        if (mode == ClusterMode.Fips && !IsApproved(use))
        {
            return MechanismCauses.NotApproved;
        }

        if (!ShapeFits(call))
        {
            return MechanismCauses.ParameterShape;
        }

        if (use == Use.Digest)
        {
            return LengthOf(use, call, key);
        }

        if (key is null)
        {
            return MechanismCauses.KeyNeeded;
        }

        var judged = Accepts(use, key.Class, key.Type, key.Bits);
        if (judged.IsOk)
        {
            judged = CheckCall(use, call, key, mode);
        }

        return judged.IsOk ? LengthOf(use, call, key) : judged.Cause;
    }

    /// <summary>Whether it takes such keys for this use; can be asked before a key is opened.</summary>
    /// <param name="use">What to do.</param>
    /// <param name="objectClass">The key's class.</param>
    /// <param name="type">The key's type.</param>
    /// <param name="bits">The key's size.</param>
    public Outcome Accepts(Use use, ObjectClass objectClass, KeyType type, int bits) =>
        !AcceptsKey(use, objectClass, type) ? use switch
        {
            Use.Wrap => MechanismCauses.WrappingKeyType,
            Use.Unwrap => MechanismCauses.UnwrappingKeyType,
            _ => MechanismCauses.KeyType,
        }
        : KeySizes.Contains(bits) ? Outcome.Ok : MechanismCauses.KeySize;

    /// <summary>Whether a cluster in FIPS mode may use it so.</summary>
    public virtual bool IsApproved(Use use) => Approval switch
    {
        Approval.Full => true,
        Approval.Legacy => use is Use.Verify or Use.Decrypt or Use.Unwrap or Use.Digest,
        _ => false,
    };

    /// <summary>Whether long input of an operation in parts must be sent twice (<see cref="Operation.GoesOn"/>), so that the caller keeps it.</summary>
    public virtual bool Resends(Use use) => false;

    /// <summary>Whether the failures of a use tell something of the plaintext to whoever chooses the ciphertext; they are then limited.</summary>
    public virtual bool IsOracle(Use use) => false;

    /// <summary>Whether a use works on data. The others move keys: their results never leave as bytes, so <see cref="Perform"/> and <see cref="Begin"/> refuse them.</summary>
    public static bool WorksOnData(Use use) => use is Use.Encrypt or Use.Decrypt or Use.Sign or Use.Verify or Use.Digest or Use.SignRecover or Use.VerifyRecover;

    /// <summary>A whole operation.</summary>
    /// <param name="use">One that works on data.</param>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="key">The key; null for a digest. The caller holds a reference until this returns.</param>
    /// <param name="mode">The cluster's mode.</param>
    /// <param name="data">Input.</param>
    /// <param name="signature">What to verify; empty otherwise.</param>
    /// <param name="output">Takes the result; untouched on refusal.</param>
    /// <returns>The IV that the HSM drew, if it did.</returns>
    public Outcome<DrawnIv> Perform(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (!WorksOnData(use))
        {
            return MechanismCauses.NotForThisUse;
        }

        var judged = Check(use, call, key, mode);
        return judged.IsOk ? PerformChecked(use, call, key, mode, data, signature, output) : judged.Cause;
    }

    /// <summary>Starts an operation in parts. It keeps its own reference to the key.</summary>
    public Outcome<Operation> Begin(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode)
    {
        if (!WorksOnData(use))
        {
            return MechanismCauses.NotForThisUse;
        }

        var judged = Check(use, call, key, mode);
        return !judged.IsOk ? judged.Cause : Multipart ? BeginChecked(use, call, key, mode) : MechanismCauses.NotInParts;
    }

    /// <summary>Generates a secret key.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="template">The caller's template; only what the generation needs is looked at.</param>
    /// <param name="mode">The cluster's mode.</param>
    public Outcome<KeyMaterial> GenerateKey(in MechanismCall call, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var judged = CheckGeneration(call, MechanismFlags.Generate, mode);
        return judged.IsOk ? GenerateKeyChecked(call, template, mode) : judged.Cause;
    }

    /// <summary>Generates a key pair; RSA takes tenths of a second.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="publicTemplate">The caller's template for the public key, which names size, exponent or curve.</param>
    /// <param name="mode">The cluster's mode.</param>
    /// <exception cref="Crypto.SelfTestException">The pair does not verify what it signs; the HSM stops.</exception>
    public Outcome<KeyPair> GenerateKeyPair(in MechanismCall call, ReadOnlySpan<RawAttribute> publicTemplate, ClusterMode mode)
    {
        var judged = CheckGeneration(call, MechanismFlags.GenerateKeyPair, mode);
        return judged.IsOk ? GenerateKeyPairChecked(publicTemplate, mode) : judged.Cause;
    }

    /// <summary>The type that a generation makes; null if it makes none, or what the template names.</summary>
    public virtual KeyType? GeneratedType => null;

    /// <summary>Whether a generation makes a secret key of the type that the template names.</summary>
    public virtual bool GeneratesTypeOfTemplate => false;

    /// <summary>Wraps a key.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="wrappingKey">Under which.</param>
    /// <param name="key">What leaves; that it may has been judged.</param>
    /// <param name="mode">The cluster's mode.</param>
    public Outcome<WrappedKey> Wrap(in MechanismCall call, KeyMaterial wrappingKey, KeyMaterial key, ClusterMode mode)
    {
        var judged = Check(Use.Wrap, call, wrappingKey, mode);
        if (!judged.IsOk)
        {
            return judged.Cause;
        }

        var encoded = key.EncodeForWrapping();
        if (!encoded.IsOk)
        {
            return encoded.Cause;
        }

        using var bytes = encoded.Value;
        var output = new ArrayBufferWriter<byte>(bytes.Length + 64);
        var wrapped = WrapChecked(call, wrappingKey, mode, bytes.Span, output);
        return wrapped.IsOk ? new WrappedKey(output.WrittenMemory, wrapped.Value) : wrapped.Cause;
    }

    /// <summary>Unwraps a key. Whatever is wrong with the wrapped bytes, there is one answer.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="unwrappingKey">With which.</param>
    /// <param name="wrapped">What came in.</param>
    /// <param name="target">What the template asks for.</param>
    /// <param name="mode">The cluster's mode.</param>
    public Outcome<KeyMaterial> Unwrap(in MechanismCall call, KeyMaterial unwrappingKey, ReadOnlySpan<byte> wrapped, KeyTarget target, ClusterMode mode)
    {
        var judged = Check(Use.Unwrap, call, unwrappingKey, mode);
        if (!judged.IsOk)
        {
            return judged.Cause;
        }

        var unwrapped = UnwrapChecked(call, unwrappingKey, mode, wrapped, target);
        if (!unwrapped.IsOk)
        {
            return unwrapped.Cause;
        }

        using var bytes = unwrapped.Value;
        return KeyImport.FromUnwrapped(target.Class, target.Type, bytes.Span, mode);
    }

    /// <summary>A key that a derivation takes beside the base key; null if it takes none.</summary>
    public virtual ObjectHandle? OtherKeyOf(in MechanismCall call) => null;

    /// <summary>Derives a secret key.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="baseKey">From which.</param>
    /// <param name="target">What the template asks for.</param>
    /// <param name="mode">The cluster's mode.</param>
    public Outcome<KeyMaterial> Derive(in MechanismCall call, KeyMaterial baseKey, KeyTarget target, ClusterMode mode)
    {
        var judged = Check(Use.Derive, call, baseKey, mode);
        if (!judged.IsOk)
        {
            return judged.Cause;
        }

        var wanted = LengthOf(target, NaturalLength(call, baseKey));
        if (!wanted.IsOk)
        {
            return wanted.Cause;
        }

        var derived = DeriveChecked(call, baseKey, wanted.Value);
        return derived.IsOk ? new SecretKey(target.Type, derived.Value) : derived.Cause;
    }

    /// <summary>Makes a shared secret for whoever holds a public key's other half.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="publicKey">The other side's.</param>
    /// <param name="target">What the template asks for.</param>
    /// <param name="mode">The cluster's mode.</param>
    /// <param name="ciphertext">What the other side finds the secret from; empty on refusal.</param>
    public Outcome<KeyMaterial> Encapsulate(in MechanismCall call, KeyMaterial publicKey, KeyTarget target, ClusterMode mode, out byte[] ciphertext)
    {
        ciphertext = [];
        var judged = CheckSharing(Use.Encapsulate, call, publicKey, target, mode);
        if (!judged.IsOk)
        {
            return judged.Cause;
        }

        var shared = EncapsulateChecked(call, publicKey, out ciphertext);
        return shared.IsOk ? new SecretKey(target.Type, shared.Value) : shared.Cause;
    }

    /// <summary>Finds the shared secret that somebody encapsulated.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="privateKey">With which.</param>
    /// <param name="ciphertext">What came in.</param>
    /// <param name="target">What the template asks for.</param>
    /// <param name="mode">The cluster's mode.</param>
    public Outcome<KeyMaterial> Decapsulate(in MechanismCall call, KeyMaterial privateKey, ReadOnlySpan<byte> ciphertext, KeyTarget target, ClusterMode mode)
    {
        var judged = CheckSharing(Use.Decapsulate, call, privateKey, target, mode);
        if (!judged.IsOk)
        {
            return judged.Cause;
        }

        var shared = DecapsulateChecked(call, privateKey, ciphertext);
        return shared.IsOk ? new SecretKey(target.Type, shared.Value) : shared.Cause;
    }

    /// <summary>Whether it does all of this.</summary>
    public bool Supports(MechanismFlags flags) => flags != MechanismFlags.None && (Flags & flags) == flags;

    /// <summary>The flag of a use.</summary>
    public static MechanismFlags FlagOf(Use use) => use switch
    {
        Use.Encrypt => MechanismFlags.Encrypt,
        Use.Decrypt => MechanismFlags.Decrypt,
        Use.Sign => MechanismFlags.Sign,
        Use.Verify => MechanismFlags.Verify,
        Use.Digest => MechanismFlags.Digest,
        Use.SignRecover => MechanismFlags.SignRecover,
        Use.VerifyRecover => MechanismFlags.VerifyRecover,
        Use.Wrap => MechanismFlags.Wrap,
        Use.Unwrap => MechanismFlags.Unwrap,
        Use.Derive => MechanismFlags.Derive,
        Use.Encapsulate => MechanismFlags.Encapsulate,
        Use.Decapsulate => MechanismFlags.Decapsulate,
        _ => MechanismFlags.None,
    };

    public override string ToString() => Name;

    /// <summary>Whether it takes keys of this class and type for this use.</summary>
    protected virtual bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => false;

    /// <summary>Judges parameter and key, whose shape, type and size are right.</summary>
    protected virtual Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) => Outcome.Ok;

    /// <summary>How long the output will be; called after everything was judged.</summary>
    protected virtual OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(0, 0, 1, 0);

    protected virtual Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output) => MechanismCauses.NotForThisUse;

    protected virtual Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) => MechanismCauses.NotInParts;

    protected virtual Outcome<KeyMaterial> GenerateKeyChecked(in MechanismCall call, ReadOnlySpan<RawAttribute> template, ClusterMode mode) => MechanismCauses.NotForThisUse;

    protected virtual Outcome<KeyPair> GenerateKeyPairChecked(ReadOnlySpan<RawAttribute> publicTemplate, ClusterMode mode) => MechanismCauses.NotForThisUse;

    protected virtual Outcome<DrawnIv> WrapChecked(in MechanismCall call, KeyMaterial wrappingKey, ClusterMode mode, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) =>
        MechanismCauses.NotForThisUse;

    protected virtual Outcome<Crypto.SecretBuffer> UnwrapChecked(
        in MechanismCall call, KeyMaterial unwrappingKey, ClusterMode mode, ReadOnlySpan<byte> wrapped, KeyTarget target) => MechanismCauses.NotForThisUse;

    /// <summary>How long a derived key is when the template does not say; null: it must say.</summary>
    protected virtual int? NaturalLength(in MechanismCall call, KeyMaterial baseKey) => null;

    /// <summary>Derives exactly so many bytes.</summary>
    protected virtual Outcome<Crypto.SecretBuffer> DeriveChecked(in MechanismCall call, KeyMaterial baseKey, int length) => MechanismCauses.NotForThisUse;

    protected virtual Outcome<Crypto.SecretBuffer> EncapsulateChecked(in MechanismCall call, KeyMaterial publicKey, out byte[] ciphertext)
    {
        ciphertext = [];
        return MechanismCauses.NotForThisUse;
    }

    protected virtual Outcome<Crypto.SecretBuffer> DecapsulateChecked(in MechanismCall call, KeyMaterial privateKey, ReadOnlySpan<byte> ciphertext) => MechanismCauses.NotForThisUse;

    // The bytes of a secret key that a template asks for, where it may ask for any.
    private static Outcome<int> LengthOf(KeyTarget target, int? natural)
    {
        var length = target.Length ?? (target.Type == KeyType.Des3 ? Des3Length : natural);
        return target.Class != ObjectClass.SecretKey || !KeyImport.IsSecretType(target.Type) ? KeyCauses.TypeUnknown
            : length is not { } wanted ? KeyCauses.ComponentMissing.On(AttributeType.ValueLen)
            : SecretKey.IsLengthValid(target.Type, wanted) ? wanted : KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
    }

    // A shared secret becomes a key as it is, and as long as it is.
    private Outcome CheckSharing(Use use, in MechanismCall call, KeyMaterial key, KeyTarget target, ClusterMode mode)
    {
        var judged = Check(use, call, key, mode);
        if (!judged.IsOk)
        {
            return judged.Cause;
        }

        var natural = NaturalLength(call, key);
        var wanted = LengthOf(target, natural);
        return !wanted.IsOk ? wanted.Cause : wanted.Value == natural ? Outcome.Ok : KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
    }

    // A parameter that may be absent is marshalled as None when it is.
    private bool ShapeFits(in MechanismCall call) => call.Shape == Shape || (Shape == ParameterShape.OptionalBytes && call.Shape == ParameterShape.None);

    private Outcome CheckGeneration(in MechanismCall call, MechanismFlags flag, ClusterMode mode) =>
        !Supports(flag) ? MechanismCauses.NotForThisUse
        : mode == ClusterMode.Fips && Approval != Approval.Full ? MechanismCauses.NotApproved
        : ShapeFits(call) ? Outcome.Ok : MechanismCauses.ParameterShape;
}
