#include "session.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *load_symbol(const char *path, const char *symbol) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  void *found = handle != NULL ? dlsym(handle, symbol) : NULL;
  if (found == NULL && strcmp(symbol, "C_GetFunctionList") == 0) {
    fprintf(stderr, "load: %s\n", dlerror());
    exit(2);
  }
  return found;
}

void module_check(const struct module *m, CK_RV rv, const char *what) {
  if (rv == CKR_OK) return;
  CK_UTF8CHAR cause[256] = "";
  CK_ULONG size = sizeof cause - 1;
  if (m->vendor != NULL) m->vendor->SR_LastCause(cause, &size);
  fprintf(stderr, "load: %s: 0x%lx %s\n", what, rv, (const char *)cause);
  exit(2);
}

static CK_SLOT_ID find_slot(const struct module *m, const char *label) {
  CK_SLOT_ID slots[64];
  CK_ULONG count = 64;
  module_check(m, m->f->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList");
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO info;
    if (m->f->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    size_t n = strlen(label);
    if (n > sizeof info.label || memcmp(info.label, label, n) != 0) continue;
    if (n < sizeof info.label && info.label[n] != ' ') continue;
    return slots[i];
  }
  fprintf(stderr, "load: no token is called %s\n", label);
  exit(2);
}

void module_open(struct module *m, const char *path, const char *label, const char *pin) {
  CK_RV (*get_list)(CK_FUNCTION_LIST_PTR_PTR);
  CK_RV (*get_interface)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);
  *(void **)&get_list = load_symbol(path, "C_GetFunctionList");
  *(void **)&get_interface = load_symbol(path, "C_GetInterface");
  *m = (struct module){0};
  module_check(m, get_list(&m->f), "C_GetFunctionList");
  CK_INTERFACE *vendor = NULL;
  if (get_interface != NULL && get_interface((CK_UTF8CHAR_PTR)SR_VENDOR_INTERFACE, NULL, &vendor, 0) == CKR_OK)
    m->vendor = vendor->pFunctionList;
  CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
  module_check(m, m->f->C_Initialize(&args), "C_Initialize");
  m->slot = find_slot(m, label);
  m->session = module_session(m);
  module_check(m, m->f->C_Login(m->session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), "C_Login");
}

CK_SESSION_HANDLE module_session(const struct module *m) {
  CK_SESSION_HANDLE session;
  module_check(m, m->f->C_OpenSession(m->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session),
               "C_OpenSession");
  return session;
}

void module_close(struct module *m) {
  m->f->C_CloseAllSessions(m->slot);
  m->f->C_Finalize(NULL);
}
