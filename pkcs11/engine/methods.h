// What the engine does with keys: a reference's private operations go to the HSM, everything else stays where it was,
// in OpenSSL's software.
#ifndef STRONGROOM_ENGINE_METHODS_H
#define STRONGROOM_ENGINE_METHODS_H

#include <openssl/ec.h>
#include <openssl/rsa.h>

RSA_METHOD *rsa_method_new(void);
EC_KEY_METHOD *ec_method_new(void);

#endif
