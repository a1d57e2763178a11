// Two operations at once (PKCS#11 3.2, section 5.17): a part is encrypted and what went in is digested or signed, or it
// is decrypted and what came out is digested or verified. The cipher goes first: when its output does not fit, neither
// operation has seen the part. Any other refusal ends both.
#include "instance.h"
#include "log.h"

struct dual {
  uint64_t cipher, other;
};

static bool is_open(const struct sr_session *s, uint64_t use) {
  return s->operations[use].phase != SR_IDLE && s->operations[use].family == SR_PLAIN;
}

static CK_RV run(struct sr_session *s, const struct dual *d, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR out,
                 CK_ULONG_PTR out_size) {
  if (!is_open(s, d->cipher) || !is_open(s, d->other))
    return sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "one of the two operations has not been started");
  CK_RV rv = sr_operation_update(s, d->cipher, in, in_size, out, out_size);
  if (rv == CKR_BUFFER_TOO_SMALL || (rv == CKR_OK && out == NULL)) return rv;
  if (rv == CKR_OK)
    rv = d->cipher == SR_USE_ENCRYPT ? sr_operation_absorb(s, d->other, in, in_size)
                                     : sr_operation_absorb(s, d->other, out, *out_size);
  if (rv != CKR_OK) {
    sr_operation_cancel(s, d->cipher);
    sr_operation_cancel(s, d->other);
  }
  return rv;
}

static CK_RV dual(const char *function, CK_SESSION_HANDLE handle, uint64_t cipher, uint64_t other, CK_BYTE_PTR in,
                  CK_ULONG in_size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  if (rv != CKR_OK) return rv;
  return sr_leave_session(s, run(s, &(struct dual){cipher, other}, in, in_size, out, out_size));
}

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen,
                            CK_BYTE_PTR pEncryptedPart, CK_ULONG_PTR pulEncryptedPartLen) {
  return dual(__func__, hSession, SR_USE_ENCRYPT, SR_USE_DIGEST, pPart, ulPartLen, pEncryptedPart, pulEncryptedPartLen);
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen,
                            CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
  return dual(__func__, hSession, SR_USE_DECRYPT, SR_USE_DIGEST, pEncryptedPart, ulEncryptedPartLen, pPart, pulPartLen);
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen, CK_BYTE_PTR pEncryptedPart,
                          CK_ULONG_PTR pulEncryptedPartLen) {
  return dual(__func__, hSession, SR_USE_ENCRYPT, SR_USE_SIGN, pPart, ulPartLen, pEncryptedPart, pulEncryptedPartLen);
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen,
                            CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
  return dual(__func__, hSession, SR_USE_DECRYPT, SR_USE_VERIFY, pEncryptedPart, ulEncryptedPartLen, pPart, pulPartLen);
}
