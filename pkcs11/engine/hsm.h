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

// Reads the configuration, and the PIN if there is one; false, with an OpenSSL error, when there is no configuration.
// The HSM is not asked: servers start an engine for much less than a signature (nginx -s stop), and where it is away.
bool hsm_start(void);

// Logs in now, so that a wrong PIN is known before it is needed. False: the OpenSSL error is set.
bool hsm_log_in(void);

// One signature (decrypt: one decryption) by a private key. *out_size: room, then length. False: the OpenSSL error is
// set.
bool hsm_use(bool decrypt, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key, const uint8_t *in, size_t in_size,
             uint8_t *out, size_t *out_size);

// Whether the key's SubjectPublicKeyInfo (RFC 5280, 4.1; CKA_PUBLIC_KEY_INFO) is this one. False: the error is set.
bool hsm_has_public_key(CK_OBJECT_HANDLE key, const uint8_t *info, size_t info_size);

#endif
