// The engine's use of the C core, by its PKCS#11 functions: sessions that threads share, the login, and a beginning
// anew in each forked child. Nothing is ever finalised: the HSM sees the process end.
#ifndef STRONGROOM_ENGINE_HSM_H
#define STRONGROOM_ENGINE_HSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkcs11.h"

// Once in the life of the process; false when the system refuses.
bool hsm_prepare(void);

// Logs in. False, with an OpenSSL error, when that can't work (no PIN, a wrong one, no configuration). An HSM that
// can't be reached now is logged, and is asked again when it is needed.
bool hsm_start(void);

// One signature (decrypt: one decryption) by a private key. *out_size: room, then length. False: the OpenSSL error is
// set.
bool hsm_use(bool decrypt, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key, const uint8_t *in, size_t in_size,
             uint8_t *out, size_t *out_size);

// Whether the key's SubjectPublicKeyInfo (RFC 5280, 4.1; CKA_PUBLIC_KEY_INFO) is this one. False: the error is set.
bool hsm_has_public_key(CK_OBJECT_HANDLE key, const uint8_t *info, size_t info_size);

#endif
