// The built library as a host sees it: loaded by dlopen.
#include <dlfcn.h>
#include <unistd.h>

#include "check.h"
#include "pkcs11.h"
#include "strongroom_vendor.h"

static const char *path;

static void Only_the_standards_entry_points_are_shown(void) {
  char command[512];
  snprintf(command, sizeof command, "test -z \"$(nm -D --defined-only %s | awk '$2 != \"A\" && $3 !~ /^C_/')\"", path);
  CHECK_EQUAL(system(command), 0);
  snprintf(command, sizeof command, "nm -D --undefined-only %s | grep -Eq ' (SSL|EVP|OPENSSL|BIO|ERR)_'", path);
  CHECK(system(command) != 0);
}

// Two libcryptos are in it: its own, of which nothing shows, and the host's, of which it uses no TLS.
static void The_engine_shows_only_what_OpenSSL_looks_for(void) {
  const char *engine = getenv("STRONGROOM_TEST_ENGINE");
  CHECK(engine != NULL);
  if (engine == NULL) return;
  char command[512];
  snprintf(command, sizeof command,
           "test \"$(nm -D --defined-only %s | awk '$2 == \"T\" {print $3}' | sort | tr '\n' ' ')\" = "
           "'bind_engine@@STRONGROOM_ENGINE v_check@@STRONGROOM_ENGINE '",
           engine);
  CHECK_EQUAL(system(command), 0);
  snprintf(command, sizeof command, "nm -D --undefined-only %s | grep -Eq ' (SSL|TLS)_'", engine);
  CHECK(system(command) != 0);
}

static void Every_function_of_every_list_is_there(void) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  CHECK(handle != NULL);
  CK_RV (*get_list)(CK_FUNCTION_LIST_PTR_PTR);
  CK_RV (*get_interfaces)(CK_INTERFACE_PTR, CK_ULONG_PTR);
  *(void **)&get_list = dlsym(handle, "C_GetFunctionList");
  *(void **)&get_interfaces = dlsym(handle, "C_GetInterfaceList");
  CK_FUNCTION_LIST *list = NULL;
  CK_INTERFACE interfaces[8];
  CK_ULONG count = 8;
  CHECK_EQUAL(get_list(&list), CKR_OK);
  CHECK_EQUAL(get_list(NULL), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(list->version.major, 2);
  CHECK_EQUAL(list->version.minor, 40);
  CHECK_EQUAL(get_interfaces(interfaces, &count), CKR_OK);
  CHECK_EQUAL(count, 4);
  static const size_t sizes[] = {sizeof(CK_FUNCTION_LIST_3_2), sizeof(CK_FUNCTION_LIST_3_0), sizeof(CK_FUNCTION_LIST),
                                 sizeof(SR_FUNCTION_LIST)};
  for (CK_ULONG i = 0; i < count; i++) {
    void **functions = (void **)interfaces[i].pFunctionList;
    for (size_t k = 1; k < sizes[i] / sizeof(void *); k++) CHECK(functions[k] != NULL);
  }
  CHECK_EQUAL((sizeof(CK_FUNCTION_LIST) - sizeof(void *)) / sizeof(void *), 68);
  CHECK_EQUAL((sizeof(CK_FUNCTION_LIST_3_0) - sizeof(void *)) / sizeof(void *), 92);
  dlclose(handle);
}

static void Interfaces_are_found_by_name_and_version(void) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  CK_RV (*get)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);
  *(void **)&get = dlsym(handle, "C_GetInterface");
  CK_INTERFACE *found = NULL;
  CHECK_EQUAL(get(NULL, NULL, &found, 0), CKR_OK);
  CHECK_EQUAL(((CK_VERSION *)found->pFunctionList)->major, 3);
  CHECK_EQUAL(((CK_VERSION *)found->pFunctionList)->minor, 2);
  CK_VERSION wanted = {2, 40};
  CHECK_EQUAL(get((CK_UTF8CHAR_PTR) "PKCS 11", &wanted, &found, 0), CKR_OK);
  CHECK_EQUAL(((CK_VERSION *)found->pFunctionList)->major, 2);
  wanted.minor = 30;
  CHECK_EQUAL(get((CK_UTF8CHAR_PTR) "PKCS 11", &wanted, &found, 0), CKR_FUNCTION_FAILED);
  CHECK_EQUAL(get((CK_UTF8CHAR_PTR)SR_VENDOR_INTERFACE, NULL, &found, 0), CKR_OK);
  CHECK_EQUAL(get((CK_UTF8CHAR_PTR) "Vendor Nobody", NULL, &found, 0), CKR_FUNCTION_FAILED);
  CHECK_EQUAL(get(NULL, NULL, &found, 0x80), CKR_FUNCTION_FAILED);
  dlclose(handle);
}

int main(int argc, char **argv) {
  path = argc > 1 ? argv[1] : getenv("STRONGROOM_TEST_LIBRARY");
  if (path == NULL) return 2;
  RUN(Only_the_standards_entry_points_are_shown);
  RUN(The_engine_shows_only_what_OpenSSL_looks_for);
  RUN(Every_function_of_every_list_is_there);
  RUN(Interfaces_are_found_by_name_and_version);
  return CHECK_END();
}
