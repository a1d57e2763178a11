// A reference PEM is a private key's file in which the public half is real and the private half names the key in the
// HSM: `cloudhsm-cli key generate-file --encoding reference-pem` writes it (src/Strongroom.Cli/Keys/ReferencePem.cs).
// The private number (RSA: privateExponent, RFC 8017, A.1.2; EC: privateKey, RFC 5915, 3) is of 32 bytes:
//   0 to 15   "strongroom-key-1"
//   16 to 23  zero
//   24 to 31  the handle, big-endian
// Every curve's order is greater, so the file loads as any other. An RSA file's primes are even, so that software which
// takes it for a key fails instead of signing wrongly.
#ifndef STRONGROOM_ENGINE_REFERENCE_H
#define STRONGROOM_ENGINE_REFERENCE_H

#include <openssl/bn.h>
#include <stdbool.h>

#include "pkcs11.h"

// Whether the private number is a reference, and to which key. Other keys are software's.
bool reference_read(const BIGNUM *private_number, CK_OBJECT_HANDLE *key);

#endif
