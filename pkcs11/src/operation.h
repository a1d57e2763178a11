// An operation (encrypt, decrypt, sign, verify, digest, …) from its Init to its end. The state is kept here as PKCS#11
// has it; whether the operation is allowed is the HSM's to say.
//
//   idle ──Init──► ready ──Encrypt, Sign, …──────────────────► idle
//                    └───Update──► parts ──Update…, Final────► idle
//
// Parts that yield nothing until the end (sign, verify, digest) are collected here up to 64 KiB, and sent as one whole
// operation; only longer input is streamed with Begin, Update, Finish. Parts that yield output are streamed at once.
//
// Length rules (PKCS#11, 5.2): a NULL output asks for a length, which may be more than what will come; a buffer that is
// too small is answered with the exact length. Either leaves the operation as it is: a result that is there already is
// kept for the repeated call. Every other error ends the operation.
#ifndef STRONGROOM_OPERATION_H
#define STRONGROOM_OPERATION_H

#include <stdbool.h>

#include "pkcs11.h"
#include "protocol.g.h"

struct sr_session;

// Indexed by SR_USE_…: the last with operations in sessions is SR_USE_VERIFY_RECOVER.
enum { SR_OPERATIONS = SR_USE_VERIFY_RECOVER + 1, SR_COLLECTED = 64 << 10, SR_STREAM_PART = 512 << 10 };

enum sr_phase { SR_IDLE, SR_READY, SR_COLLECTING, SR_STREAMING };

struct sr_operation {
  enum sr_phase phase;
  sr_mechanism mechanism;
  sr_arena arena;     // what `mechanism` points into
  uint8_t *drawn_iv;  // the caller's IV buffer, where it was all zero: the HSM's IV is written there
  size_t drawn_iv_size;
  uint64_t key;
  sr_prepare_reply verdict;
  uint8_t *collected;
  size_t collected_size;
  uint64_t total_in, total_out;  // of a stream

  uint8_t *kept;  // a result that did not fit into the caller's buffer
  size_t kept_size;
  uint64_t kept_for;  // what it is the result of: a fingerprint of step and input
};

// C_…Init. mechanism NULL ends the active operation (PKCS#11 3.0, 5.8).
CK_RV sr_operation_init(struct sr_session *s, uint64_t use, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key);
// C_Encrypt, C_Decrypt, C_Digest, C_Sign, C_SignRecover, C_VerifyRecover.
CK_RV sr_operation_whole(struct sr_session *s, uint64_t use, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR out,
                         CK_ULONG_PTR out_size);
// C_Verify.
CK_RV sr_operation_verify(struct sr_session *s, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR signature,
                          CK_ULONG signature_size);
// C_EncryptUpdate, C_DecryptUpdate.
CK_RV sr_operation_update(struct sr_session *s, uint64_t use, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR out,
                          CK_ULONG_PTR out_size);
// C_SignUpdate, C_VerifyUpdate, C_DigestUpdate.
CK_RV sr_operation_absorb(struct sr_session *s, uint64_t use, CK_BYTE_PTR in, CK_ULONG in_size);
// C_DigestKey.
CK_RV sr_operation_absorb_key(struct sr_session *s, CK_OBJECT_HANDLE key);
// C_EncryptFinal, C_DecryptFinal, C_SignFinal, C_DigestFinal.
CK_RV sr_operation_final(struct sr_session *s, uint64_t use, CK_BYTE_PTR out, CK_ULONG_PTR out_size);
// C_VerifyFinal.
CK_RV sr_operation_verify_final(struct sr_session *s, CK_BYTE_PTR signature, CK_ULONG signature_size);

// Drops an operation, also in the HSM (C_SessionCancel).
void sr_operation_cancel(struct sr_session *s, uint64_t use);
void sr_operation_forget_kept(struct sr_operation *o);
// Frees what is kept here; the HSM is not told.
void sr_operation_end(struct sr_operation *o);

#endif
