// A PKCS#11 module, loaded, initialised and logged in.
#ifndef STRONGROOM_LOAD_SESSION_H
#define STRONGROOM_LOAD_SESSION_H

#include "pkcs11.h"
#include "strongroom_vendor.h"

struct module {
  CK_FUNCTION_LIST *f;
  SR_FUNCTION_LIST *vendor;  // NULL: another maker's module
  CK_SLOT_ID slot;
  CK_SESSION_HANDLE session;  // keeps the login
};

// Ends the program with a sentence when the module can't be used.
void module_open(struct module *m, const char *path, const char *label, const char *pin);
void module_close(struct module *m);
CK_SESSION_HANDLE module_session(const struct module *m);
// Ends the program when rv is not CKR_OK, naming what was tried and, if the module tells it, the cause.
void module_check(const struct module *m, CK_RV rv, const char *what);

#endif
