// Objects (PKCS#11 3.2, section 5.7).
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "exchange.h"
#include "instance.h"
#include "log.h"

enum { FIRST_PAGE = 256, PAGE = 4096 };  // handles a FindObjects request

CK_RV C_CreateObject(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount,
                     CK_OBJECT_HANDLE_PTR phObject) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phObject == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "phObject is NULL"));
  struct sr_call call;
  sr_arena arena = {0};
  sr_create_object_request request = {.session = s->id,
                                      .creation = sr_cluster_next_creation(s->cluster),
                                      .template = {.count = ulCount, .present = true}};
  sr_create_object_reply reply;
  rv = sr_template_read(pTemplate, ulCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_create_object(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *phObject = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

CK_RV C_CopyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount,
                   CK_OBJECT_HANDLE_PTR phNewObject) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phNewObject == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "phNewObject is NULL"));
  struct sr_call call;
  sr_arena arena = {0};
  sr_copy_object_request request = {.session = s->id,
                                    .creation = sr_cluster_next_creation(s->cluster),
                                    .handle = hObject,
                                    .template = {.count = ulCount, .present = true}};
  sr_copy_object_reply reply;
  rv = sr_template_read(pTemplate, ulCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_copy_object(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *phNewObject = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  struct sr_call call;
  sr_destroy_object_request request = {
      .session = s->id, .creation = sr_cluster_next_creation(s->cluster), .handle = hObject};
  sr_destroy_object_reply reply;
  rv = sr_exchange_destroy_object(s->cluster, &call, &request, &reply);
  sr_call_end(&call);
  sr_verdicts_drop(&s->cluster->verdicts, hObject);
  return sr_leave_session(s, rv);
}

CK_RV C_GetObjectSize(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ULONG_PTR pulSize) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pulSize == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pulSize is NULL"));
  struct sr_call call;
  sr_get_object_size_request request = {.session = s->id, .handle = hObject};
  sr_get_object_size_reply reply;
  rv = sr_exchange_get_object_size(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK) *pulSize = reply.size;
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate,
                          CK_ULONG ulCount) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  uint64_t types[128];
  if (pTemplate == NULL && ulCount > 0) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pTemplate is NULL"));
  if (ulCount > sizeof types / sizeof types[0])
    return sr_leave_session(s, sr_refuse(CKR_TEMPLATE_INCONSISTENT, "a template has at most 128 attributes"));
  for (CK_ULONG i = 0; i < ulCount; i++) types[i] = pTemplate[i].type;
  struct sr_call call;
  sr_get_attributes_request request = {.session = s->id, .handle = hObject, .types = {types, ulCount, true}};
  sr_get_attributes_reply reply;
  rv = sr_exchange_get_attributes(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK) rv = sr_template_fill(pTemplate, ulCount, reply.results.items, reply.results.count);
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate,
                          CK_ULONG ulCount) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  struct sr_call call;
  sr_arena arena = {0};
  sr_set_attributes_request request = {
      .session = s->id, .handle = hObject, .template = {.count = ulCount, .present = true}};
  sr_set_attributes_reply reply;
  rv = sr_template_read(pTemplate, ulCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_set_attributes(s->cluster, &call, &request, &reply);
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  sr_verdicts_drop(&s->cluster->verdicts, hObject);
  return sr_leave_session(s, rv);
}

// Whoever asks for a type of key is shown it, whatever the configuration says.
static bool names_key_type(const struct sr_find *f) {
  for (size_t i = 0; i < f->item_count; i++)
    if (f->items[i].type == CKA_KEY_TYPE) return true;
  return false;
}

static CK_RV fetch_page(struct sr_session *s, uint64_t limit) {
  struct sr_find *f = &s->find;
  const struct sr_cluster_config *config = s->cluster->config;
  struct sr_call call;
  sr_find_objects_request request = {.session = s->id,
                                     .template = {.items = f->items, .count = f->item_count, .present = true},
                                     .after = f->after,
                                     .limit = limit,
                                     .key_types = {.present = true}};
  if (config->key_type_count > 0 && !names_key_type(f)) {
    request.key_types.items = config->key_types;
    request.key_types.count = config->key_type_count;
  }
  sr_find_objects_reply reply;
  CK_RV rv = sr_exchange_find_objects(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK) {
    size_t count = reply.handles.count;
    uint64_t *handles = malloc((count + 1) * sizeof *handles);
    if (handles == NULL) {
      rv = sr_refuse(CKR_HOST_MEMORY, "out of memory");
    } else {
      memcpy(handles, reply.handles.items, count * sizeof *handles);
      free(f->handles);
      f->handles = handles;
      f->count = count;
      f->next = 0;
      f->more = reply.more && count > 0;
      if (count > 0) f->after = handles[count - 1];
    }
  }
  sr_call_end(&call);
  return rv;
}

// The first page is fetched at once, so that what is wrong with a template is said where the standard says it.
CK_RV C_FindObjectsInit(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (s->find.active) return sr_leave_session(s, sr_refuse(CKR_OPERATION_ACTIVE, "the session has a search already"));
  rv = sr_template_copy(pTemplate, ulCount, &s->find.arena, &s->find.items);
  s->find.item_count = ulCount;
  if (rv == CKR_OK) rv = fetch_page(s, FIRST_PAGE);
  if (rv == CKR_OK) s->find.active = true;
  else sr_find_end(&s->find);
  return sr_leave_session(s, rv);
}

CK_RV C_FindObjects(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE_PTR phObject, CK_ULONG ulMaxObjectCount,
                    CK_ULONG_PTR pulObjectCount) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  struct sr_find *f = &s->find;
  if (!f->active) return sr_leave_session(s, sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "the session has no search"));
  if (pulObjectCount == NULL || (phObject == NULL && ulMaxObjectCount > 0))
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "phObject or pulObjectCount is NULL"));
  CK_ULONG given = 0;
  while (rv == CKR_OK && given < ulMaxObjectCount) {
    if (f->next < f->count) phObject[given++] = f->handles[f->next++];
    else if (f->more) rv = fetch_page(s, PAGE);
    else break;
  }
  if (rv == CKR_OK) *pulObjectCount = given;
  return sr_leave_session(s, rv);
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE hSession) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (!s->find.active)
    return sr_leave_session(s, sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "the session has no search"));
  sr_find_end(&s->find);
  return sr_leave_session(s, CKR_OK);
}
