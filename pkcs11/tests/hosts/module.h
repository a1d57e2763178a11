// The built library, loaded as hosts load it.
#ifndef STRONGROOM_TEST_MODULE_H
#define STRONGROOM_TEST_MODULE_H

#include <dlfcn.h>
#include <stdlib.h>

#include "pkcs11.h"

static const CK_SLOT_ID module_slot = 0x2000000000000001;

struct module {
  void *handle;
  CK_FUNCTION_LIST *list;
};

static inline struct module module_load(void) {
  struct module m = {.handle = dlopen(getenv("STRONGROOM_TEST_LIBRARY"), RTLD_NOW | RTLD_LOCAL)};
  if (m.handle == NULL) {
    fprintf(stderr, "    %s\n", dlerror());
    exit(3);
  }
  CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR);
  *(void **)&get = dlsym(m.handle, "C_GetFunctionList");
  get(&m.list);
  return m;
}

static inline CK_RV module_open(const struct module *m, CK_SESSION_HANDLE *h) {
  return m->list->C_OpenSession(module_slot, CKF_SERIAL_SESSION, NULL, NULL, h);
}

static inline CK_RV module_sign(const struct module *m, CK_SESSION_HANDLE h) {
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
  CK_BYTE signature[64];
  CK_ULONG length = sizeof signature;
  CK_RV rv = m->list->C_SignInit(h, &ecdsa, 1);
  return rv != CKR_OK ? rv : m->list->C_Sign(h, (CK_BYTE_PTR) "x", 1, signature, &length);
}

// C_Initialize to the first signature.
static inline CK_RV module_begin(const struct module *m, CK_SESSION_HANDLE *h) {
  CK_RV rv = m->list->C_Initialize(NULL);
  if (rv == CKR_OK) rv = module_open(m, h);
  return rv == CKR_OK ? module_sign(m, *h) : rv;
}

#endif
