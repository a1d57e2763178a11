namespace Strongroom.Hsm.Mechanisms;

/// <summary>A mechanism as a caller names it, with its parameter. Which fields count follows from the shape that the mechanism announces; the others are absent.</summary>
/// <param name="Number">CK_MECHANISM_TYPE.</param>
/// <param name="Shape">The shape that the caller marshalled.</param>
/// <param name="Iv">Bytes: the parameter itself; Gcm, Ccm: nonce; Ctr: counter block; Oaep: label; Ecdh: public point; Eddsa: context; Hkdf, Pbkdf2: salt.</param>
/// <param name="Aad">Gcm, Ccm: associated data; Ecdh: shared data; Hkdf: info.</param>
/// <param name="Bits">Gcm: tag bits; Ctr: counter bits; Ccm: tag bytes; Pss: salt bytes; Length: output bytes; RsaAesWrap: AES key bits; Pbkdf2: iterations; Eddsa: 1 for the prehash form.</param>
/// <param name="Hash">Gcm, Ccm: CK_GENERATOR_FUNCTION of a message's IV; Pss, Oaep, RsaAesWrap, Hkdf: hash mechanism; Ecdh: key derivation function; Sp800108, Pbkdf2: pseudo-random function.</param>
/// <param name="Mgf">Gcm, Ccm: bits of the IV that stay when the rest is generated; Pss, Oaep, RsaAesWrap: mask generation function; Hkdf: salt type.</param>
/// <param name="Length">Ccm: bytes of data; Hkdf: handle of the salt key.</param>
/// <param name="Parts">Sp800108: the data parameters in order.</param>
/// <param name="OtherKey">Hkdf: the salt key, once it has been given out.</param>
public readonly record struct MechanismCall(
    ulong Number,
    ParameterShape Shape = ParameterShape.None,
    ReadOnlyMemory<byte>? Iv = null,
    ReadOnlyMemory<byte>? Aad = null,
    ulong? Bits = null,
    ulong? Hash = null,
    ulong? Mgf = null,
    ulong? Length = null,
    DerivationPart[]? Parts = null,
    Keys.KeyMaterial? OtherKey = null);
