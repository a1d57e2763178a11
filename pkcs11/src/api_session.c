// Sessions and logins (PKCS#11 3.2, section 5.6).
#include <string.h>

#include "exchange.h"
#include "instance.h"
#include "log.h"

// The application's callback is taken and never called: nothing in this library surrenders or notices anything.
CK_RV C_OpenSession(CK_SLOT_ID slotID, CK_FLAGS flags, CK_VOID_PTR pApplication, CK_NOTIFY Notify,
                    CK_SESSION_HANDLE_PTR phSession) {
  (void)pApplication, (void)Notify;
  sr_log_function(__func__);
  struct sr_instance *instance = sr_instance_enter();
  if (instance == NULL)
    return sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize has not been called in this process");
  struct sr_cluster *cluster = sr_instance_cluster(instance, slotID);
  struct sr_session *s = NULL;
  bool read_write = (flags & CKF_RW_SESSION) != 0;
  CK_RV rv = CKR_OK;
  if (cluster == NULL) rv = sr_refuse(CKR_SLOT_ID_INVALID, "there is no slot 0x%lx", slotID);
  else if (phSession == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "phSession is NULL");
  else if (!(flags & CKF_SERIAL_SESSION))
    rv = sr_refuse(CKR_SESSION_PARALLEL_NOT_SUPPORTED, "CKF_SERIAL_SESSION is not set");
  else if (flags & CKF_ASYNC_SESSION)
    rv = sr_refuse(CKR_SESSION_ASYNC_NOT_SUPPORTED, "asynchronous sessions are not offered");
  else if ((s = sr_session_new(&instance->sessions, cluster, read_write)) == NULL)
    rv = sr_refuse(CKR_SESSION_COUNT, "a process has at most %d sessions", SR_MAX_SESSIONS);
  if (rv == CKR_OK) {
    struct sr_call call;
    sr_open_session_request request = {.session = s->id};
    sr_open_session_reply reply;
    rv = sr_exchange_open_session(cluster, &call, &request, &reply);
    sr_call_end(&call);
    if (rv == CKR_DEVICE_ERROR) rv = sr_refuse_as(CKR_TOKEN_NOT_PRESENT);
    if (rv == CKR_OK) {
      *phSession = sr_session_handle(s);
      atomic_fetch_add(&cluster->sessions, 1);
      if (read_write) atomic_fetch_add(&cluster->rw_sessions, 1);
      pthread_mutex_unlock(&s->lock);
    } else {
      sr_session_end(&instance->sessions, s);
    }
  }
  sr_instance_leave();
  return rv;
}

// The slot's last session takes the login with it (5.6.7). The HSM is told so outright, because one that was restarted
// in between knows only the sessions that have been used since.
static CK_RV close_in_hsm(struct sr_cluster *cluster, uint64_t id, bool last) {
  struct sr_call call;
  CK_RV rv;
  if (last) {
    sr_close_all_sessions_request request = {0};
    sr_close_all_sessions_reply reply;
    rv = sr_exchange_close_all_sessions(cluster, &call, &request, &reply);
    sr_cluster_drop_ticket(cluster);
  } else {
    sr_close_session_request request = {.session = id};
    sr_close_session_reply reply;
    rv = sr_exchange_close_session(cluster, &call, &request, &reply);
  }
  sr_call_end(&call);
  sr_verdicts_drop_session_objects(&cluster->verdicts);
  return rv;
}

static bool forget(struct sr_instance *instance, struct sr_session *s) {
  struct sr_cluster *cluster = s->cluster;
  if (s->read_write) atomic_fetch_sub(&cluster->rw_sessions, 1);
  sr_session_end(&instance->sessions, s);
  return atomic_fetch_sub(&cluster->sessions, 1) == 1;
}

// A session that the HSM can't be told about is closed all the same: it ends there with the instance.
CK_RV C_CloseSession(CK_SESSION_HANDLE hSession) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  struct sr_cluster *cluster = s->cluster;
  uint64_t id = s->id;
  close_in_hsm(cluster, id, forget(cluster->instance, s));
  sr_instance_leave();
  return CKR_OK;
}

CK_RV C_CloseAllSessions(CK_SLOT_ID slotID) {
  sr_log_function(__func__);
  struct sr_instance *instance = sr_instance_enter();
  if (instance == NULL)
    return sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize has not been called in this process");
  struct sr_cluster *cluster = sr_instance_cluster(instance, slotID);
  if (cluster == NULL) {
    sr_instance_leave();
    return sr_refuse(CKR_SLOT_ID_INVALID, "there is no slot 0x%lx", slotID);
  }
  bool any = false;
  for (unsigned i = 0; i < SR_MAX_SESSIONS && atomic_load(&instance->sessions.places[i]) != NULL; i++) {
    struct sr_session *s = sr_session_at(&instance->sessions, i, cluster);
    if (s == NULL) continue;
    forget(instance, s);
    any = true;
  }
  if (any) close_in_hsm(cluster, 0, true);
  sr_instance_leave();
  return CKR_OK;
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE hSession, CK_SESSION_INFO_PTR pInfo) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pInfo == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pInfo is NULL"));
  struct sr_call call;
  sr_get_session_info_request request = {.session = s->id};
  sr_get_session_info_reply reply;
  rv = sr_exchange_get_session_info(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK)
    *pInfo = (CK_SESSION_INFO){.slotID = sr_slot_of(s->cluster),
                               .state = reply.state,
                               .flags = CKF_SERIAL_SESSION | (s->read_write ? CKF_RW_SESSION : 0)};
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

// A login whose answer was lost and that is tried again finds the user logged in: then only the ticket is missing.
static CK_RV login(struct sr_cluster *cluster, CK_USER_TYPE type, const uint8_t *pin, size_t size) {
  struct sr_call call;
  sr_login_request request = {.user_type = type, .pin = {pin, size, true}};
  sr_login_reply reply;
  CK_RV rv = sr_exchange_login(cluster, &call, &request, &reply);
  bool again = rv == CKR_USER_ALREADY_LOGGED_IN && call.attempts > 1;
  if (rv == CKR_OK && type != CKU_CONTEXT_SPECIFIC) {
    atomic_fetch_add(&cluster->login_count, 1);
    sr_cluster_keep_ticket(cluster, &reply.ticket, reply.lifetime);
  }
  sr_call_end(&call);
  if (!again) return rv;
  atomic_fetch_add(&cluster->login_count, 1);
  sr_renew_ticket_request renewal = {0};
  sr_renew_ticket_reply renewed;
  rv = sr_exchange_renew_ticket(cluster, &call, &renewal, &renewed);
  if (rv == CKR_OK) sr_cluster_keep_ticket(cluster, &renewed.ticket, renewed.lifetime);
  sr_call_end(&call);
  return rv;
}

CK_RV C_Login(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (userType > CKU_CONTEXT_SPECIFIC) rv = sr_refuse(CKR_USER_TYPE_INVALID, "unknown type of user %lu", userType);
  else if (pPin == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "pPin is NULL, and there is no other way to log in");
  else if (ulPinLen > 256) rv = sr_refuse(CKR_PIN_LEN_RANGE, "a PIN has at most 256 bytes");
  else rv = login(s->cluster, userType, pPin, ulPinLen);
  return sr_leave_session(s, rv);
}

// 3.0: the user's name apart from the password. The HSM knows one form, "user:password".
CK_RV C_LoginUser(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen,
                  CK_UTF8CHAR_PTR pUsername, CK_ULONG ulUsernameLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  uint8_t pin[256];
  if (userType > CKU_CONTEXT_SPECIFIC) rv = sr_refuse(CKR_USER_TYPE_INVALID, "unknown type of user %lu", userType);
  else if (pPin == NULL || pUsername == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "pPin or pUsername is NULL");
  else if (ulUsernameLen > 31 || ulPinLen > sizeof pin - 32)
    rv = sr_refuse(CKR_PIN_LEN_RANGE, "a name has at most 31 bytes, a password at most 224");
  if (rv != CKR_OK) return sr_leave_session(s, rv);
  memcpy(pin, pUsername, ulUsernameLen);
  pin[ulUsernameLen] = ':';
  memcpy(pin + ulUsernameLen + 1, pPin, ulPinLen);
  rv = login(s->cluster, userType, pin, ulUsernameLen + 1 + ulPinLen);
  explicit_bzero(pin, sizeof pin);
  return sr_leave_session(s, rv);
}

CK_RV C_Logout(CK_SESSION_HANDLE hSession) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  struct sr_call call;
  sr_logout_request request = {0};
  sr_logout_reply reply;
  rv = sr_exchange_logout(s->cluster, &call, &request, &reply);
  if (rv == CKR_USER_NOT_LOGGED_IN && call.attempts > 1) rv = CKR_OK;  // the first try had arrived
  sr_call_end(&call);
  if (rv == CKR_OK || rv == CKR_USER_NOT_LOGGED_IN) sr_cluster_drop_ticket(s->cluster);
  return sr_leave_session(s, rv);
}

CK_RV C_SetPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pOldPin, CK_ULONG ulOldLen, CK_UTF8CHAR_PTR pNewPin,
               CK_ULONG ulNewLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pOldPin == NULL || pNewPin == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "a PIN is NULL"));
  if (ulOldLen > 256 || ulNewLen > 256)
    return sr_leave_session(s, sr_refuse(CKR_PIN_LEN_RANGE, "a PIN has at most 256 bytes"));
  struct sr_call call;
  sr_set_pin_request request = {
      .session = s->id, .old_pin = {pOldPin, ulOldLen, true}, .new_pin = {pNewPin, ulNewLen, true}};
  sr_set_pin_reply reply;
  rv = sr_exchange_set_pin(s->cluster, &call, &request, &reply);
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

// By a logged-in admin, the token's security officer. "user:password": a crypto user of this name is made, or gets this
// password and is unlocked (docs/pkcs11.md).
CK_RV C_InitPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pPin == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pPin is NULL"));
  if (ulPinLen > 256) return sr_leave_session(s, sr_refuse(CKR_PIN_LEN_RANGE, "a PIN has at most 256 bytes"));
  struct sr_call call;
  sr_init_pin_request request = {.session = s->id, .pin = {pPin, ulPinLen, true}};
  sr_init_pin_reply reply;
  rv = sr_exchange_init_pin(s->cluster, &call, &request, &reply);
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

// 3.0: ends the active operations that the flags name. Message-based ones stand in the place of the others.
CK_RV C_SessionCancel(CK_SESSION_HANDLE hSession, CK_FLAGS flags) {
  static const struct {
    CK_FLAGS flag;
    uint64_t use;
  } uses[] = {{CKF_ENCRYPT | CKF_MESSAGE_ENCRYPT, SR_USE_ENCRYPT},
              {CKF_DECRYPT | CKF_MESSAGE_DECRYPT, SR_USE_DECRYPT},
              {CKF_SIGN | CKF_MESSAGE_SIGN, SR_USE_SIGN},
              {CKF_VERIFY | CKF_MESSAGE_VERIFY, SR_USE_VERIFY},
              {CKF_DIGEST, SR_USE_DIGEST},
              {CKF_SIGN_RECOVER, SR_USE_SIGN_RECOVER},
              {CKF_VERIFY_RECOVER, SR_USE_VERIFY_RECOVER}};
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
    if (flags & uses[i].flag) sr_operation_cancel(s, uses[i].use);
  if (flags & CKF_FIND_OBJECTS) sr_find_end(&s->find);
  return sr_leave_session(s, CKR_OK);
}
