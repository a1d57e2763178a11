// An operation (encrypt, decrypt, sign, verify, digest, …) from its Init to its end. The state is kept here as PKCS#11
// has it; whether the operation is allowed is the HSM's to say.
//
//   idle ──Init──► ready ──Encrypt, Sign, …──────────────────► idle
//                    └───Update──► parts ──Update…, Final────► idle
//
// Parts that yield nothing until the end (sign, verify, digest) are collected here up to 64 KiB, and sent as one whole
// operation; only longer input is streamed with Begin, Update, Finish. Parts that yield output are streamed at once;
// those whose output depends on all of them (AES-GCM's decryption) are kept here whole, since the HSM may ask twice.
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

// Which functions go on with an operation: those of the family that started it.
enum sr_family {
  SR_PLAIN,
  SR_MESSAGES,         // C_MessageEncryptInit and its like: many messages under one key (message.h)
  SR_SIGNATURE_FIRST,  // C_VerifySignatureInit: the signature is known before the data
};

struct sr_operation {
  enum sr_phase phase;
  enum sr_family family;
  enum sr_family caller;  // the family of the function that is inside; the plain functions leave it alone
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

  sr_bytes signature;     // SR_SIGNATURE_FIRST: what to verify, in the arena
  sr_arena message;       // SR_MESSAGES: what a message's own parameter points into
  bool in_message;        // between …MessageBegin and the last …MessageNext
  uint64_t shape, flags;  // of the mechanism
};

// C_…Init. mechanism NULL ends the active operation (PKCS#11 3.0, 5.8).
CK_RV sr_operation_init(struct sr_session *s, uint64_t use, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key);
// The same for another family. Ciphers take no parameter here: each message brings its own.
CK_RV sr_operation_start(struct sr_session *s, uint64_t use, enum sr_family family, CK_MECHANISM_PTR mechanism,
                         CK_OBJECT_HANDLE key);
// Whether an operation of this family is there. CKR_OK: it is, and `caller` says who is inside.
CK_RV sr_operation_enter(struct sr_session *s, uint64_t use, enum sr_family family);
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

// Keeps a part until the operation, or its message, ends. False: out of memory.
bool sr_operation_collect(struct sr_operation *o, const CK_BYTE *in, CK_ULONG in_size);
// Drops an operation of any family, also in the HSM (C_SessionCancel).
void sr_operation_cancel(struct sr_session *s, uint64_t use);
// Ends what goes on, here and in the HSM: of a message-based operation the message, of any other the whole. Returns rv.
CK_RV sr_operation_give_up(struct sr_session *s, uint64_t use, CK_RV rv);
void sr_operation_forget_kept(struct sr_operation *o);
// Frees what is kept here; the HSM is not told. A message-based operation is ready for its next message then.
void sr_operation_end(struct sr_operation *o);

#endif
