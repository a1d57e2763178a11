// C_Initialize, C_Finalize, C_GetInfo, slots, tokens and mechanisms (PKCS#11 3.2, sections 5.4 and 5.5).
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exchange.h"
#include "instance.h"
#include "lists.h"
#include "log.h"
#include "version.h"

// Text fields are padded with blanks and not terminated.
static void put_text(CK_UTF8CHAR *field, size_t room, const void *text, size_t size) {
  memset(field, ' ', room);
  memcpy(field, text, size < room ? size : room);
}

static const char manufacturer[] = "Strongroom";

// The application's own mutex functions are not used: waiting is done on futexes, and native locks are what threads on
// this system have under whatever the application calls its mutexes. That is allowed where it says CKF_OS_LOCKING_OK,
// and harmless where it does not.
CK_RV C_Initialize(CK_VOID_PTR pInitArgs) {
  sr_log_function(__func__);
  const CK_C_INITIALIZE_ARGS *args = pInitArgs;
  if (args != NULL) {
    int given = (args->CreateMutex != NULL) + (args->DestroyMutex != NULL) + (args->LockMutex != NULL) +
                (args->UnlockMutex != NULL);
    if (args->pReserved != NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "pReserved is not NULL");
    if (given != 0 && given != 4)
      return sr_refuse(CKR_ARGUMENTS_BAD, "some mutex functions are given and some are not");
  }
  return sr_instance_start();
}

CK_RV C_Finalize(CK_VOID_PTR pReserved) {
  sr_log_function(__func__);
  if (pReserved != NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "pReserved is not NULL");
  return sr_instance_stop();
}

static CK_RV enter(const char *function, struct sr_instance **instance) {
  sr_log_function(function);
  *instance = sr_instance_enter();
  return *instance != NULL
             ? CKR_OK
             : sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize has not been called in this process");
}

static CK_RV enter_slot(const char *function, CK_SLOT_ID slot, const void *out, struct sr_cluster **cluster) {
  struct sr_instance *instance;
  CK_RV rv = enter(function, &instance);
  if (rv != CKR_OK) return rv;
  *cluster = sr_instance_cluster(instance, slot);
  if (*cluster == NULL) rv = sr_refuse(CKR_SLOT_ID_INVALID, "there is no slot 0x%lx", slot);
  else if (out == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "a pointer is NULL that must not be");
  if (rv != CKR_OK) sr_instance_leave();
  return rv;
}

static CK_RV leave(CK_RV rv) {
  sr_instance_leave();
  return rv;
}

// Where nothing is being done yet, an HSM that can't be reached is a token that is not there.
static CK_RV absent(CK_RV rv) { return rv == CKR_DEVICE_ERROR ? sr_refuse_as(CKR_TOKEN_NOT_PRESENT) : rv; }

static CK_RV get_info(CK_INFO_PTR pInfo, CK_VERSION version) {
  struct sr_instance *instance;
  CK_RV rv = enter("C_GetInfo", &instance);
  if (rv != CKR_OK) return rv;
  if (pInfo == NULL) return leave(sr_refuse(CKR_ARGUMENTS_BAD, "pInfo is NULL"));
  static const char description[] = "Strongroom HSM client";
  *pInfo = (CK_INFO){.cryptokiVersion = version, .libraryVersion = {SR_VERSION_MAJOR, SR_VERSION_MINOR}};
  put_text(pInfo->manufacturerID, sizeof pInfo->manufacturerID, manufacturer, sizeof manufacturer - 1);
  put_text(pInfo->libraryDescription, sizeof pInfo->libraryDescription, description, sizeof description - 1);
  return leave(CKR_OK);
}

CK_RV C_GetInfo(CK_INFO_PTR pInfo) { return get_info(pInfo, (CK_VERSION){2, 40}); }

CK_RV sr_get_info_3_0(CK_INFO_PTR pInfo) { return get_info(pInfo, (CK_VERSION){3, 0}); }

CK_RV sr_get_info_3_2(CK_INFO_PTR pInfo) { return get_info(pInfo, (CK_VERSION){3, 2}); }

// One slot a configured cluster, each with a token, whether or not its HSMs can be reached now: applications decide by
// this list once and for all, and CloudHSM's samples give it room for exactly one.
CK_RV C_GetSlotList(CK_BBOOL tokenPresent, CK_SLOT_ID_PTR pSlotList, CK_ULONG_PTR pulCount) {
  (void)tokenPresent;
  struct sr_instance *instance;
  CK_RV rv = enter(__func__, &instance);
  if (rv != CKR_OK) return rv;
  if (pulCount == NULL) return leave(sr_refuse(CKR_ARGUMENTS_BAD, "pulCount is NULL"));
  CK_ULONG room = *pulCount;
  *pulCount = instance->cluster_count;
  if (pSlotList == NULL) return leave(CKR_OK);
  if (room < instance->cluster_count)
    return leave(sr_refuse(CKR_BUFFER_TOO_SMALL, "there are %u slots", instance->cluster_count));
  for (unsigned i = 0; i < instance->cluster_count; i++) pSlotList[i] = sr_slot_of(&instance->clusters[i]);
  return leave(CKR_OK);
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slotID, CK_SLOT_INFO_PTR pInfo) {
  struct sr_cluster *cluster;
  CK_RV rv = enter_slot(__func__, slotID, pInfo, &cluster);
  if (rv != CKR_OK) return rv;
  char text[65];
  int size = snprintf(text, sizeof text, "Strongroom %s", cluster->config->cluster_id);
  *pInfo = (CK_SLOT_INFO){.flags = CKF_TOKEN_PRESENT,
                          .hardwareVersion = {SR_VERSION_MAJOR, SR_VERSION_MINOR},
                          .firmwareVersion = {SR_VERSION_MAJOR, SR_VERSION_MINOR}};
  put_text(pInfo->slotDescription, sizeof pInfo->slotDescription, text, (size_t)size);
  put_text(pInfo->manufacturerID, sizeof pInfo->manufacturerID, manufacturer, sizeof manufacturer - 1);
  return leave(CKR_OK);
}

static void put_token(CK_TOKEN_INFO_PTR to, const sr_get_token_info_reply *from, const struct sr_cluster *cluster) {
  const CK_VERSION version = {(CK_BYTE)from->firmware_major, (CK_BYTE)from->firmware_minor};
  *to = (CK_TOKEN_INFO){
      .flags = from->flags,
      .ulMaxSessionCount = from->max_sessions,
      .ulSessionCount = atomic_load(&cluster->sessions),
      .ulMaxRwSessionCount = from->max_sessions,
      .ulRwSessionCount = atomic_load(&cluster->rw_sessions),
      .ulMaxPinLen = from->max_pin,
      .ulMinPinLen = from->min_pin,
      .ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION,
      .ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION,
      .ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION,
      .ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION,
      .hardwareVersion = version,
      .firmwareVersion = version,
  };
  const char *label = cluster->config->label;
  put_text(to->label, sizeof to->label, label[0] != '\0' ? label : (const char *)from->label.data,
           label[0] != '\0' ? strlen(label) : from->label.size);
  put_text(to->manufacturerID, sizeof to->manufacturerID, manufacturer, sizeof manufacturer - 1);
  put_text(to->model, sizeof to->model, from->model.data, from->model.size);
  put_text(to->serialNumber, sizeof to->serialNumber, from->serial.data, from->serial.size);
  put_text(to->utcTime, sizeof to->utcTime, from->utc_time.data, from->utc_time.size);
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slotID, CK_TOKEN_INFO_PTR pInfo) {
  struct sr_cluster *cluster;
  CK_RV rv = enter_slot(__func__, slotID, pInfo, &cluster);
  if (rv != CKR_OK) return rv;
  struct sr_call call;
  sr_get_token_info_request request = {0};
  sr_get_token_info_reply reply;
  rv = sr_exchange_get_token_info(cluster, &call, &request, &reply);
  if (rv == CKR_OK) put_token(pInfo, &reply, cluster);
  sr_call_end(&call);
  return leave(absent(rv));
}

CK_RV C_GetMechanismList(CK_SLOT_ID slotID, CK_MECHANISM_TYPE_PTR pMechanismList, CK_ULONG_PTR pulCount) {
  struct sr_cluster *cluster;
  CK_RV rv = enter_slot(__func__, slotID, pulCount, &cluster);
  if (rv != CKR_OK) return rv;
  return leave(absent(sr_cluster_mechanism_list(cluster, pMechanismList, pulCount)));
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID slotID, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR pInfo) {
  struct sr_cluster *cluster;
  CK_RV rv = enter_slot(__func__, slotID, pInfo, &cluster);
  if (rv != CKR_OK) return rv;
  sr_mechanism_info info;
  rv = sr_cluster_mechanism(cluster, type, &info);
  if (rv == CKR_OK) *pInfo = (CK_MECHANISM_INFO){info.min_key_size, info.max_key_size, info.flags};
  return leave(absent(rv));
}

// Tokens are made by a cluster's birth and its admins, not by applications.
CK_RV C_InitToken(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen, CK_UTF8CHAR_PTR pLabel) {
  (void)ulPinLen;
  struct sr_cluster *cluster;
  CK_RV rv = enter_slot(__func__, slotID, pLabel, &cluster);
  if (rv != CKR_OK) return rv;
  if (pPin == NULL) return leave(sr_refuse(CKR_ARGUMENTS_BAD, "pPin is NULL"));
  return leave(sr_refuse(CKR_FUNCTION_NOT_SUPPORTED,
                         "a cluster is initialised with `strongroom cluster`, not by an application"));
}

// Slots never come or go while the library is initialised: who waits for one waits for C_Finalize, which ends the call
// (5.5.5). The wait looks up every now and then, since C_Finalize waits for it in turn.
CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR pSlot, CK_VOID_PTR pReserved) {
  struct sr_instance *instance;
  CK_RV rv = enter(__func__, &instance);
  if (rv != CKR_OK) return rv;
  if (pSlot == NULL || pReserved != NULL)
    return leave(sr_refuse(CKR_ARGUMENTS_BAD, "pSlot is NULL, or pReserved is not"));
  if (flags & CKF_DONT_BLOCK) return leave(sr_refuse(CKR_NO_EVENT, "slots never change"));
  static const struct timespec moment = {.tv_nsec = 50000000};
  while (!atomic_load(&instance->closing)) nanosleep(&moment, NULL);
  return leave(sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Finalize was called while this call waited"));
}
