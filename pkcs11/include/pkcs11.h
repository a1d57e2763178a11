// PKCS#11 as Strongroom's library speaks it: names and numbers of the OASIS standards "PKCS #11 Cryptographic Token
// Interface" 2.40, 3.0, 3.1 and 3.2, written down here once. Structures have the compiler's natural alignment, as on
// every Unix; CK_ULONG is `unsigned long`.
#ifndef STRONGROOM_PKCS11_H
#define STRONGROOM_PKCS11_H

#ifdef __cplusplus
extern "C" {
#endif

// Each needs the one before it.
#include "pkcs11_types.h"

#include "pkcs11_values.h"

#include "pkcs11_mechanisms.h"

#include "pkcs11_functions.h"

#ifdef __cplusplus
}
#endif

#endif
