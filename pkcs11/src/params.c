#include "params.h"

#include <string.h>

#include "log.h"

enum { MAX_SHORT = 65536, MAX_AAD = SR_LIMIT_DATA, MAX_PARTS = 16, MAX_PART = 4096 };

static CK_RV bad(const char *cause) {
  return sr_refuse(CKR_MECHANISM_PARAM_INVALID, "the mechanism's parameter: %s", cause);
}

static CK_RV copy(sr_arena *arena, sr_bytes *out, const void *data, CK_ULONG size, CK_ULONG max) {
  if (size > max) return bad("a part is too long");
  if (data == NULL && size > 0) return bad("a pointer is NULL and its length is not 0");
  uint8_t *memory = sr_arena_take(arena, size == 0 ? 1 : size);
  if (memory == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  if (size > 0) memcpy(memory, data, size);
  *out = (sr_bytes){memory, size, true};
  return CKR_OK;
}

#define SET(field, number) ((field).value = (number), (field).present = true)

struct reading {
  const CK_MECHANISM *from;
  sr_arena *arena;
  sr_mechanism *out;
};

// The parameter as a structure of the right size, copied so that no alignment is assumed.
#define STRUCTURE(type, name)                                                \
  type name;                                                                 \
  if (r->from->pParameter == NULL || r->from->ulParameterLen != sizeof name) \
    return bad("its length is not that of " #type);                          \
  memcpy(&name, r->from->pParameter, sizeof name)

static CK_RV read_none(struct reading *r) {
  return r->from->ulParameterLen == 0 ? CKR_OK : bad("this mechanism takes none");
}

static CK_RV read_bytes(struct reading *r) {
  if (r->from->pParameter == NULL) return bad("it is missing");
  return copy(r->arena, &r->out->iv, r->from->pParameter, r->from->ulParameterLen, MAX_SHORT);
}

static CK_RV read_optional_bytes(struct reading *r) {
  return r->from->pParameter == NULL && r->from->ulParameterLen == 0 ? CKR_OK : read_bytes(r);
}

// CK_GCM_WRAP_PARAMS, of another length, says who makes the IV (3.1: for C_WrapKey).
static CK_RV read_gcm_wrap(struct reading *r) {
  STRUCTURE(CK_GCM_WRAP_PARAMS, p);
  SET(r->out->bits, p.ulTagBits);
  SET(r->out->hash, p.ivGenerator);
  SET(r->out->mgf, p.ulIvFixedBits);
  CK_RV rv = copy(r->arena, &r->out->iv, p.pIv, p.ulIvLen, MAX_SHORT);
  if (rv == CKR_OK && p.ulAADLen > 0) rv = copy(r->arena, &r->out->aad, p.pAAD, p.ulAADLen, MAX_AAD);
  return rv;
}

static CK_RV read_gcm(struct reading *r) {
  if (r->from->ulParameterLen == sizeof(CK_GCM_WRAP_PARAMS)) return read_gcm_wrap(r);
  STRUCTURE(CK_GCM_PARAMS, p);
  SET(r->out->bits, p.ulTagBits);
  if (p.ulIvBits != 0 && p.ulIvBits != p.ulIvLen * 8) return bad("ulIvBits is not ulIvLen * 8");
  CK_RV rv = CKR_OK;
  // CloudHSM's form: no IV buffer at all, the HSM draws the IV and puts it before the ciphertext.
  if (p.pIv != NULL || p.ulIvLen > 0) rv = copy(r->arena, &r->out->iv, p.pIv, p.ulIvLen, MAX_SHORT);
  if (rv == CKR_OK && p.ulAADLen > 0) rv = copy(r->arena, &r->out->aad, p.pAAD, p.ulAADLen, MAX_AAD);
  return rv;
}

static CK_RV read_ccm(struct reading *r) {
  STRUCTURE(CK_CCM_PARAMS, p);
  SET(r->out->bits, p.ulMACLen);
  SET(r->out->length, p.ulDataLen);
  CK_RV rv = copy(r->arena, &r->out->iv, p.pNonce, p.ulNonceLen, MAX_SHORT);
  if (rv == CKR_OK && p.ulAADLen > 0) rv = copy(r->arena, &r->out->aad, p.pAAD, p.ulAADLen, MAX_AAD);
  return rv;
}

static CK_RV read_ctr(struct reading *r) {
  STRUCTURE(CK_AES_CTR_PARAMS, p);
  SET(r->out->bits, p.ulCounterBits);
  return copy(r->arena, &r->out->iv, p.cb, sizeof p.cb, sizeof p.cb);
}

static CK_RV read_pss(struct reading *r) {
  STRUCTURE(CK_RSA_PKCS_PSS_PARAMS, p);
  SET(r->out->hash, p.hashAlg);
  SET(r->out->mgf, p.mgf);
  SET(r->out->bits, p.sLen);
  return CKR_OK;
}

static CK_RV put_oaep(struct reading *r, const CK_RSA_PKCS_OAEP_PARAMS *p) {
  SET(r->out->hash, p->hashAlg);
  SET(r->out->mgf, p->mgf);
  // Callers that give no label set `source` to 0 (OpenSC's pkcs11-tool, Java) or to CKZ_DATA_SPECIFIED.
  if (p->source != CKZ_DATA_SPECIFIED && (p->source != 0 || p->ulSourceDataLen > 0))
    return bad("unknown source of the OAEP label");
  return p->ulSourceDataLen > 0 ? copy(r->arena, &r->out->iv, p->pSourceData, p->ulSourceDataLen, MAX_SHORT) : CKR_OK;
}

static CK_RV read_oaep(struct reading *r) {
  STRUCTURE(CK_RSA_PKCS_OAEP_PARAMS, p);
  return put_oaep(r, &p);
}

static CK_RV read_rsa_aes_wrap(struct reading *r) {
  STRUCTURE(CK_RSA_AES_KEY_WRAP_PARAMS, p);
  if (p.pOAEPParams == NULL) return bad("pOAEPParams is NULL");
  SET(r->out->bits, p.ulAESKeyBits);
  return put_oaep(r, p.pOAEPParams);
}

static CK_RV read_ecdh(struct reading *r) {
  STRUCTURE(CK_ECDH1_DERIVE_PARAMS, p);
  SET(r->out->hash, p.kdf);
  CK_RV rv = copy(r->arena, &r->out->iv, p.pPublicData, p.ulPublicDataLen, MAX_SHORT);
  if (rv == CKR_OK && p.ulSharedDataLen > 0)
    rv = copy(r->arena, &r->out->aad, p.pSharedData, p.ulSharedDataLen, MAX_SHORT);
  return rv;
}

static CK_RV read_eddsa(struct reading *r) {
  // Without a parameter the mechanism is plain Ed25519 (3.2, 6.3.16).
  if (r->from->pParameter == NULL && r->from->ulParameterLen == 0) return CKR_OK;
  STRUCTURE(CK_EDDSA_PARAMS, p);
  SET(r->out->bits, p.phFlag ? 1 : 0);
  return copy(r->arena, &r->out->iv, p.pContextData, p.ulContextDataLen, 255);
}

static CK_RV read_length(struct reading *r) {
  STRUCTURE(CK_MAC_GENERAL_PARAMS, p);
  SET(r->out->bits, p);
  return CKR_OK;
}

static CK_RV read_hkdf(struct reading *r) {
  STRUCTURE(CK_HKDF_PARAMS, p);
  SET(r->out->bits, (p.bExtract ? 1u : 0u) | (p.bExpand ? 2u : 0u));
  SET(r->out->hash, p.prfHashMechanism);
  SET(r->out->mgf, p.ulSaltType);
  if (p.ulSaltType == CKF_HKDF_SALT_KEY) SET(r->out->length, p.hSaltKey);
  CK_RV rv = CKR_OK;
  if (p.ulSaltType == CKF_HKDF_SALT_DATA) rv = copy(r->arena, &r->out->iv, p.pSalt, p.ulSaltLen, MAX_SHORT);
  if (rv == CKR_OK && p.ulInfoLen > 0) rv = copy(r->arena, &r->out->aad, p.pInfo, p.ulInfoLen, MAX_SHORT);
  return rv;
}

static CK_RV put_part(struct reading *r, const CK_PRF_DATA_PARAM *from, sr_derivation_part *to) {
  *to = (sr_derivation_part){.kind = from->type};
  CK_SP800_108_COUNTER_FORMAT counter;
  CK_SP800_108_DKM_LENGTH_FORMAT length;
  if (from->type == CK_SP800_108_BYTE_ARRAY)
    return copy(r->arena, &to->value, from->pValue, from->ulValueLen, MAX_PART);
  if (from->pValue == NULL && from->ulValueLen == 0) return CKR_OK;  // the iteration variable of feedback mode
  if (from->pValue == NULL) return bad("a data parameter's value is NULL");
  if (from->type == CK_SP800_108_DKM_LENGTH && from->ulValueLen == sizeof length) {
    memcpy(&length, from->pValue, sizeof length);
    to->little_endian = length.bLittleEndian != 0;
    to->width_in_bits = length.ulWidthInBits;
    to->method = length.dkmLengthMethod;
    return CKR_OK;
  }
  if (from->ulValueLen != sizeof counter) return bad("a data parameter's length does not fit its type");
  memcpy(&counter, from->pValue, sizeof counter);
  to->little_endian = counter.bLittleEndian != 0;
  to->width_in_bits = counter.ulWidthInBits;
  return CKR_OK;
}

static CK_RV put_parts(struct reading *r, CK_MECHANISM_TYPE prf, const CK_PRF_DATA_PARAM *parts, CK_ULONG count,
                       CK_ULONG additional_keys) {
  if (additional_keys != 0) return bad("additional derived keys are not supported");
  if (count > MAX_PARTS || (parts == NULL && count > 0))
    return bad("too many data parameters, or none where some are said to be");
  sr_derivation_part *items = sr_arena_take(r->arena, (count + 1) * sizeof *items);
  if (items == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  CK_RV rv = CKR_OK;
  for (CK_ULONG i = 0; i < count && rv == CKR_OK; i++) rv = put_part(r, &parts[i], &items[i]);
  SET(r->out->hash, prf);
  r->out->parts.items = items;
  r->out->parts.count = count;
  r->out->parts.present = true;
  return rv;
}

static CK_RV read_sp800108(struct reading *r) {
  STRUCTURE(CK_SP800_108_KDF_PARAMS, p);
  return put_parts(r, p.prfType, p.pDataParams, p.ulNumberOfDataParams, p.ulAdditionalDerivedKeys);
}

static CK_RV read_sp800108_feedback(struct reading *r) {
  STRUCTURE(CK_SP800_108_FEEDBACK_KDF_PARAMS, p);
  CK_RV rv = put_parts(r, p.prfType, p.pDataParams, p.ulNumberOfDataParams, p.ulAdditionalDerivedKeys);
  return rv == CKR_OK && p.ulIVLen > 0 ? copy(r->arena, &r->out->iv, p.pIV, p.ulIVLen, MAX_SHORT) : rv;
}

// CloudHSM's header has these structures under the standard's names, without byte order and with other types.
static CK_RV put_vendor_part(struct reading *r, const CK_CLOUDHSM_PRF_DATA_PARAM *from, sr_derivation_part *to) {
  *to = (sr_derivation_part){.kind = from->type};
  CK_ULONG words[2];
  bool counter = from->type == SP800_108_COUNTER_FORMAT;
  if (!counter && from->type != SP800_108_DKM_FORMAT)
    return copy(r->arena, &to->value, from->pValue, from->ulValueLen, MAX_PART);
  if (from->pValue == NULL || from->ulValueLen != (counter ? 1 : 2) * sizeof words[0])
    return bad("a data parameter's length does not fit its type");
  memcpy(words, from->pValue, from->ulValueLen);
  to->width_in_bits = counter ? words[0] : words[1];
  to->method = counter ? 0 : words[0];
  return CKR_OK;
}

static CK_RV read_cloudhsm_sp800108(struct reading *r) {
  STRUCTURE(CK_CLOUDHSM_SP800_108_KDF_PARAMS, p);
  if (p.ulNumberOfDataParams > MAX_PARTS || (p.pDataParams == NULL && p.ulNumberOfDataParams > 0))
    return bad("too many data parameters, or none where some are said to be");
  sr_derivation_part *items = sr_arena_take(r->arena, (p.ulNumberOfDataParams + 1) * sizeof *items);
  if (items == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  CK_RV rv = CKR_OK;
  for (CK_ULONG i = 0; i < p.ulNumberOfDataParams && rv == CKR_OK; i++)
    rv = put_vendor_part(r, &p.pDataParams[i], &items[i]);
  SET(r->out->hash, p.prftype);
  r->out->parts.items = items;
  r->out->parts.count = p.ulNumberOfDataParams;
  r->out->parts.present = true;
  return rv;
}

static CK_RV read_pbkdf2(struct reading *r) {
  STRUCTURE(CK_PKCS5_PBKD2_PARAMS2, p);
  if (p.saltSource != CKZ_SALT_SPECIFIED) return bad("unknown source of the salt");
  if (p.ulPrfDataLen != 0) return bad("the pseudo-random function takes no data");
  SET(r->out->bits, p.iterations);
  SET(r->out->hash, p.prf);
  CK_RV rv = copy(r->arena, &r->out->iv, p.pSaltSourceData, p.ulSaltSourceDataLen, MAX_SHORT);
  return rv == CKR_OK ? copy(r->arena, &r->out->aad, p.pPassword, p.ulPasswordLen, MAX_SHORT) : rv;
}

static CK_RV read_sign_context(struct reading *r) {
  if (r->from->pParameter == NULL && r->from->ulParameterLen == 0) return CKR_OK;
  CK_HASH_SIGN_ADDITIONAL_CONTEXT p = {0};
  _Static_assert(offsetof(CK_HASH_SIGN_ADDITIONAL_CONTEXT, hash) == sizeof(CK_SIGN_ADDITIONAL_CONTEXT),
                 "one begins as the other");
  CK_ULONG size = r->from->ulParameterLen;
  if (r->from->pParameter == NULL || (size != sizeof(CK_SIGN_ADDITIONAL_CONTEXT) && size != sizeof p))
    return bad("its length is not that of CK_SIGN_ADDITIONAL_CONTEXT");
  memcpy(&p, r->from->pParameter, size);
  SET(r->out->bits, p.hedgeVariant);
  if (size == sizeof p) SET(r->out->hash, p.hash);
  return copy(r->arena, &r->out->iv, p.pContext, p.ulContextLen, 255);
}

static CK_RV (*const readers[])(struct reading *) = {
    [SR_SHAPE_NONE] = read_none,
    [SR_SHAPE_BYTES] = read_bytes,
    [SR_SHAPE_GCM] = read_gcm,
    [SR_SHAPE_PSS] = read_pss,
    [SR_SHAPE_OAEP] = read_oaep,
    [SR_SHAPE_CTR] = read_ctr,
    [SR_SHAPE_CCM] = read_ccm,
    [SR_SHAPE_ECDH] = read_ecdh,
    [SR_SHAPE_EDDSA] = read_eddsa,
    [SR_SHAPE_LENGTH] = read_length,
    [SR_SHAPE_RSA_AES_WRAP] = read_rsa_aes_wrap,
    [SR_SHAPE_HKDF] = read_hkdf,
    [SR_SHAPE_SP800108] = read_sp800108,
    [SR_SHAPE_PBKDF2] = read_pbkdf2,
    [SR_SHAPE_SIGN_CONTEXT] = read_sign_context,
    [SR_SHAPE_OPTIONAL_BYTES] = read_optional_bytes,
    [SR_SHAPE_SP800108_FEEDBACK] = read_sp800108_feedback,
    [SR_SHAPE_CLOUD_HSM_SP800108] = read_cloudhsm_sp800108,
};

static bool all_zero(const sr_bytes *b) {
  for (size_t i = 0; i < b->size; i++)
    if (b->data[i] != 0) return false;
  return true;
}

// Where the caller's IV is all zero, it asks the HSM to draw one and write it there (CloudHSM's convention); so does
// one that names a generator.
static void find_drawn_iv(const struct reading *r, uint8_t **drawn_iv, size_t *size) {
  const sr_bytes *iv = &r->out->iv;
  bool generated = r->out->hash.present && r->out->hash.value != CKG_NO_GENERATE;
  if (!iv->present || iv->size == 0 || !(generated || all_zero(iv))) return;
  CK_GCM_PARAMS p;  // CK_GCM_WRAP_PARAMS begins alike
  memcpy(&p, r->from->pParameter, sizeof p);
  *drawn_iv = p.pIv;
  *size = p.ulIvLen;
}

CK_RV sr_mechanism_read(const CK_MECHANISM *mechanism, const sr_mechanism_info *info, sr_arena *arena,
                        sr_mechanism *out, uint8_t **drawn_iv, size_t *drawn_iv_size) {
  *out = (sr_mechanism){.number = mechanism->mechanism, .shape = info->shape};
  struct reading r = {mechanism, arena, out};
  if (info->shape >= sizeof readers / sizeof readers[0])
    return sr_refuse(CKR_MECHANISM_INVALID, "mechanism 0x%lx has a parameter that this library is too old for",
                     mechanism->mechanism);
  CK_RV rv = readers[info->shape](&r);
  if (rv == CKR_OK && info->shape == SR_SHAPE_GCM) find_drawn_iv(&r, drawn_iv, drawn_iv_size);
  return rv;
}
