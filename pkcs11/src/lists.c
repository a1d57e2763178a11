// The function lists (2.40, 3.0, 3.2) and the interfaces that carry them (PKCS#11 3.0, section 5.2). All three are made
// from the tables in pkcs11_functions.h, so that a list can't lack a function.
#include "lists.h"

#include <string.h>

#include "log.h"

#define ENTRY(name, parameters) .name = name,

// C_GetInfo tells the version of the list that it stands in.
#define SINCE_2_40(get_info) \
  .C_Initialize = C_Initialize, .C_Finalize = C_Finalize, .C_GetInfo = get_info, PKCS11_FUNCTIONS_AFTER_GET_INFO(ENTRY)

static CK_FUNCTION_LIST list_2_40 = {.version = {2, 40}, PKCS11_FUNCTIONS_2_40(ENTRY)};

static CK_FUNCTION_LIST_3_0 list_3_0 = {.version = {3, 0}, SINCE_2_40(sr_get_info_3_0) PKCS11_FUNCTIONS_3_0(ENTRY)};

static CK_FUNCTION_LIST_3_2 list_3_2 = {
    .version = {3, 2}, SINCE_2_40(sr_get_info_3_2) PKCS11_FUNCTIONS_3_0(ENTRY) PKCS11_FUNCTIONS_3_2(ENTRY)};

static CK_CHAR interface_name[] = "PKCS 11";
static CK_CHAR vendor_name[] = SR_VENDOR_INTERFACE;

// The first one is what C_GetInterface(NULL, NULL, …) gives: the newest. CKF_INTERFACE_FORK_SAFE: a child may call
// C_Initialize after fork without harm to its parent (fork.c).
static CK_INTERFACE interfaces[] = {
    {interface_name, &list_3_2, CKF_INTERFACE_FORK_SAFE},
    {interface_name, &list_3_0, CKF_INTERFACE_FORK_SAFE},
    {interface_name, &list_2_40, CKF_INTERFACE_FORK_SAFE},
    {vendor_name, &sr_vendor_list, CKF_INTERFACE_FORK_SAFE},
};
#define INTERFACE_COUNT (sizeof interfaces / sizeof interfaces[0])

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR ppFunctionList) {
  sr_log_function(__func__);
  if (ppFunctionList == NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "ppFunctionList is NULL");
  *ppFunctionList = &list_2_40;
  return CKR_OK;
}

CK_RV C_GetInterfaceList(CK_INTERFACE_PTR pInterfacesList, CK_ULONG_PTR pulCount) {
  sr_log_function(__func__);
  if (pulCount == NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "pulCount is NULL");
  CK_ULONG room = *pulCount;
  *pulCount = INTERFACE_COUNT;
  if (pInterfacesList == NULL) return CKR_OK;
  if (room < INTERFACE_COUNT) return sr_refuse(CKR_BUFFER_TOO_SMALL, "there are %zu interfaces", INTERFACE_COUNT);
  memcpy(pInterfacesList, interfaces, sizeof interfaces);
  return CKR_OK;
}

CK_RV C_GetInterface(CK_UTF8CHAR_PTR pInterfaceName, CK_VERSION_PTR pVersion, CK_INTERFACE_PTR_PTR ppInterface,
                     CK_FLAGS flags) {
  sr_log_function(__func__);
  if (ppInterface == NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "ppInterface is NULL");
  *ppInterface = NULL;
  const char *wanted = pInterfaceName != NULL ? (const char *)pInterfaceName : (const char *)interface_name;
  for (size_t i = 0; i < INTERFACE_COUNT; i++) {
    if (strcmp(wanted, (const char *)interfaces[i].pInterfaceName) != 0) continue;
    const CK_VERSION *version = interfaces[i].pFunctionList;  // every list starts with its version
    if (pVersion != NULL && (pVersion->major != version->major || pVersion->minor != version->minor)) continue;
    if ((interfaces[i].flags & flags) != flags) continue;
    *ppInterface = &interfaces[i];
    return CKR_OK;
  }
  return sr_refuse(CKR_FUNCTION_FAILED, "there is no interface of this name, version and flags");
}
