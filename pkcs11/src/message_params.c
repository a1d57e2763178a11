#include "message_params.h"

#include <string.h>

#include "log.h"
#include "params.h"

enum { MAX_IV = 256, MAX_TAG = 16 };

static CK_RV bad(const char *cause) {
  return sr_refuse(CKR_MECHANISM_PARAM_INVALID, "the message's parameter: %s", cause);
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

// The generator matters to whoever makes the IV; a decryption takes the one that is there.
static CK_RV put_iv(uint64_t use, uint8_t *iv, CK_ULONG size, CK_ULONG fixed_bits, CK_GENERATOR_FUNCTION generator,
                    sr_arena *arena, sr_mechanism *out, struct sr_message *message) {
  if (use == SR_USE_ENCRYPT) {
    SET(out->hash, generator);
    SET(out->mgf, fixed_bits);
    if (generator != CKG_NO_GENERATE) {
      message->iv = iv;
      message->iv_size = size;
    }
  }
  return copy(arena, &out->iv, iv, size, MAX_IV);
}

static CK_RV put_gcm(uint64_t use, const CK_GCM_MESSAGE_PARAMS *p, sr_arena *arena, sr_mechanism *out,
                     struct sr_message *message) {
  if (p->ulTagBits % 8 != 0 || p->ulTagBits / 8 > MAX_TAG) return bad("ulTagBits is no whole number of bytes up to 16");
  *message = (struct sr_message){.tag = p->pTag, .tag_size = p->ulTagBits / 8};
  SET(out->bits, p->ulTagBits);
  return put_iv(use, p->pIv, p->ulIvLen, p->ulIvFixedBits, p->ivGenerator, arena, out, message);
}

static CK_RV put_ccm(uint64_t use, const CK_CCM_MESSAGE_PARAMS *p, sr_arena *arena, sr_mechanism *out,
                     struct sr_message *message) {
  if (p->ulMACLen > MAX_TAG) return bad("ulMACLen is more than 16");
  *message = (struct sr_message){.tag = p->pMAC, .tag_size = p->ulMACLen};
  SET(out->bits, p->ulMACLen);
  SET(out->length, p->ulDataLen);
  return put_iv(use, p->pNonce, p->ulNonceLen, p->ulNonceFixedBits, p->nonceGenerator, arena, out, message);
}

static CK_RV read_parameter(uint64_t use, const void *parameter, CK_ULONG size, sr_arena *arena, sr_mechanism *out,
                            struct sr_message *message) {
  CK_GCM_MESSAGE_PARAMS gcm;
  CK_CCM_MESSAGE_PARAMS ccm;
  if (parameter != NULL && out->shape == SR_SHAPE_GCM && size == sizeof gcm) {
    memcpy(&gcm, parameter, sizeof gcm);
    return put_gcm(use, &gcm, arena, out, message);
  }
  if (parameter != NULL && out->shape == SR_SHAPE_CCM && size == sizeof ccm) {
    memcpy(&ccm, parameter, sizeof ccm);
    return put_ccm(use, &ccm, arena, out, message);
  }
  return bad("its length is not that of CK_GCM_MESSAGE_PARAMS or CK_CCM_MESSAGE_PARAMS, as the mechanism needs");
}

CK_RV sr_message_read(uint64_t use, uint64_t shape, const void *parameter, CK_ULONG size, const CK_BYTE *aad,
                      CK_ULONG aad_size, sr_arena *arena, sr_mechanism *out, struct sr_message *message) {
  *out = (sr_mechanism){.number = out->number, .shape = shape};
  CK_RV rv = read_parameter(use, parameter, size, arena, out, message);
  if (rv == CKR_OK && message->tag == NULL) rv = bad("there is no room for the tag");
  return rv == CKR_OK && aad_size > 0 ? copy(arena, &out->aad, aad, aad_size, SR_LIMIT_DATA) : rv;
}

static const struct {
  uint64_t use;
  CK_FLAGS flag;
} flags[] = {{SR_USE_ENCRYPT, CKF_MESSAGE_ENCRYPT},
             {SR_USE_DECRYPT, CKF_MESSAGE_DECRYPT},
             {SR_USE_SIGN, CKF_MESSAGE_SIGN},
             {SR_USE_VERIFY, CKF_MESSAGE_VERIFY}};

CK_RV sr_message_mechanism_read(uint64_t use, const CK_MECHANISM *mechanism, const sr_mechanism_info *info,
                                sr_arena *arena, sr_mechanism *out) {
  bool offered = false;
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
    offered |= flags[i].use == use && (info->flags & flags[i].flag) != 0;
  if (!offered)
    return sr_refuse(CKR_MECHANISM_INVALID, "mechanism 0x%lx does not work on messages", mechanism->mechanism);
  if (use == SR_USE_SIGN || use == SR_USE_VERIFY) {
    uint8_t *iv;
    size_t iv_size;
    return sr_mechanism_read(mechanism, info, arena, out, &iv, &iv_size);
  }
  uint8_t nonce[12] = {0};
  CK_GCM_MESSAGE_PARAMS gcm = {nonce, sizeof nonce, 0, CKG_GENERATE, NULL, 128};
  CK_CCM_MESSAGE_PARAMS ccm = {0, nonce, sizeof nonce, 0, CKG_GENERATE, NULL, 16};
  struct sr_message message;
  *out = (sr_mechanism){.number = mechanism->mechanism, .shape = info->shape};
  if (mechanism->pParameter != NULL || mechanism->ulParameterLen > 0)
    return read_parameter(use, mechanism->pParameter, mechanism->ulParameterLen, arena, out, &message);
  return info->shape == SR_SHAPE_GCM ? put_gcm(use, &gcm, arena, out, &message)
                                     : put_ccm(use, &ccm, arena, out, &message);
}
