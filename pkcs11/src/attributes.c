#include "attributes.h"

#include <string.h>

#include "log.h"

_Static_assert(sizeof(CK_ULONG) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "attribute values travel as a little-endian 64-bit machine lays them out");

enum { MAX_ATTRIBUTES = 128, MAX_NESTED = 64, MAX_VALUE = 65536 };

static bool is_template(CK_ATTRIBUTE_TYPE type) {
  return type == CKA_WRAP_TEMPLATE || type == CKA_UNWRAP_TEMPLATE || type == CKA_DERIVE_TEMPLATE ||
         type == CKA_ENCAPSULATE_TEMPLATE || type == CKA_DECAPSULATE_TEMPLATE;
}

static CK_RV read_list(const CK_ATTRIBUTE *from, CK_ULONG count, sr_arena *arena, bool copy, bool may_nest,
                       const sr_attribute **items);

static CK_RV read_value(const CK_ATTRIBUTE *from, sr_arena *arena, bool copy, sr_attribute *to) {
  if (from->ulValueLen > MAX_VALUE)
    return sr_refuse(CKR_ATTRIBUTE_VALUE_INVALID, "attribute 0x%lx is longer than %d bytes", from->type, MAX_VALUE);
  if (from->pValue == NULL && from->ulValueLen > 0)
    return sr_refuse(CKR_ATTRIBUTE_VALUE_INVALID, "attribute 0x%lx: pValue is NULL and ulValueLen is not 0",
                     from->type);
  to->value = (sr_bytes){from->pValue, from->ulValueLen, true};
  if (!copy || from->ulValueLen == 0) return CKR_OK;
  uint8_t *memory = sr_arena_take(arena, from->ulValueLen);
  if (memory == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  memcpy(memory, from->pValue, from->ulValueLen);
  to->value.data = memory;
  return CKR_OK;
}

static CK_RV read_nested(const CK_ATTRIBUTE *from, sr_arena *arena, bool copy, sr_attribute *to) {
  if (from->ulValueLen % sizeof(CK_ATTRIBUTE) != 0 || (from->pValue == NULL && from->ulValueLen > 0))
    return sr_refuse(CKR_ATTRIBUTE_VALUE_INVALID, "attribute 0x%lx is not an array of CK_ATTRIBUTE", from->type);
  CK_ULONG count = from->ulValueLen / sizeof(CK_ATTRIBUTE);
  if (count > MAX_NESTED)
    return sr_refuse(CKR_ATTRIBUTE_VALUE_INVALID, "attribute 0x%lx has more than %d parts", from->type, MAX_NESTED);
  to->nested.count = count;
  to->nested.present = true;
  return read_list(from->pValue, count, arena, copy, false, &to->nested.items);
}

static CK_RV read_list(const CK_ATTRIBUTE *from, CK_ULONG count, sr_arena *arena, bool copy, bool may_nest,
                       const sr_attribute **items) {
  sr_attribute *list = sr_arena_take(arena, (count + 1) * sizeof *list);
  if (list == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  CK_RV rv = CKR_OK;
  for (CK_ULONG i = 0; i < count && rv == CKR_OK; i++) {
    list[i].type = from[i].type;
    if (!is_template(from[i].type)) rv = read_value(&from[i], arena, copy, &list[i]);
    else if (may_nest) rv = read_nested(&from[i], arena, copy, &list[i]);
    else rv = sr_refuse(CKR_ATTRIBUTE_VALUE_INVALID, "a template inside a template holds a template");
  }
  *items = list;
  return rv;
}

static CK_RV check(const CK_ATTRIBUTE *from, CK_ULONG count) {
  if (from == NULL && count > 0) return sr_refuse(CKR_ARGUMENTS_BAD, "the template is NULL and its count is not 0");
  if (count > MAX_ATTRIBUTES)
    return sr_refuse(CKR_TEMPLATE_INCONSISTENT, "a template has at most %d attributes", MAX_ATTRIBUTES);
  return CKR_OK;
}

CK_RV sr_template_read(const CK_ATTRIBUTE *from, CK_ULONG count, sr_arena *arena, const sr_attribute **items) {
  CK_RV rv = check(from, count);
  return rv == CKR_OK ? read_list(from, count, arena, false, true, items) : rv;
}

CK_RV sr_template_copy(const CK_ATTRIBUTE *from, CK_ULONG count, sr_arena *arena, const sr_attribute **items) {
  CK_RV rv = check(from, count);
  return rv == CKR_OK ? read_list(from, count, arena, true, true, items) : rv;
}

// C_GetAttributeValue, PKCS#11 5.7.5: length only, if there is no buffer; the value, if it fits; else "unavailable".
static CK_RV fill_value(CK_ATTRIBUTE *to, const sr_bytes *value) {
  if (to->pValue == NULL) {
    to->ulValueLen = value->size;
    return CKR_OK;
  }
  if (to->ulValueLen < value->size) {
    to->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return sr_refuse(CKR_BUFFER_TOO_SMALL, "attribute 0x%lx needs %zu bytes", to->type, value->size);
  }
  if (value->size > 0) memcpy(to->pValue, value->data, value->size);
  to->ulValueLen = value->size;
  return CKR_OK;
}

// An array of attributes: each element of the caller's array names a buffer of its own.
static CK_RV fill_nested(CK_ATTRIBUTE *to, const sr_attribute *items, size_t count) {
  CK_ULONG size = count * sizeof(CK_ATTRIBUTE);
  if (to->pValue == NULL) {
    to->ulValueLen = size;
    return CKR_OK;
  }
  if (to->ulValueLen < size) {
    to->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return sr_refuse(CKR_BUFFER_TOO_SMALL, "attribute 0x%lx needs %lu bytes", to->type, size);
  }
  CK_ATTRIBUTE *elements = to->pValue;
  CK_RV rv = CKR_OK;
  for (size_t i = 0; i < count; i++) {
    elements[i].type = items[i].type;
    CK_RV one = fill_value(&elements[i], &items[i].value);
    if (one != CKR_OK) rv = one;
  }
  to->ulValueLen = size;
  return rv;
}

CK_RV sr_template_fill(CK_ATTRIBUTE *to, CK_ULONG count, const sr_attribute_result *results, size_t result_count) {
  if (result_count != count) return sr_refuse(CKR_DEVICE_ERROR, "the HSM answered with another number of attributes");
  CK_RV rv = CKR_OK;
  for (CK_ULONG i = 0; i < count; i++) {
    if (results[i].type != to[i].type) return sr_refuse(CKR_DEVICE_ERROR, "the HSM answered with other attributes");
    CK_RV one = (CK_RV)results[i].rv;
    if (one != CKR_OK) to[i].ulValueLen = CK_UNAVAILABLE_INFORMATION;
    else if (results[i].nested.present) one = fill_nested(&to[i], results[i].nested.items, results[i].nested.count);
    else one = fill_value(&to[i], &results[i].value);
    // Any of the codes may be returned; too small a buffer is the one that the caller can mend.
    if (one != CKR_OK && rv != CKR_BUFFER_TOO_SMALL) {
      rv = one;
      if (one != CKR_BUFFER_TOO_SMALL) sr_refuse(one, "attribute 0x%lx can't be read", to[i].type);
    }
  }
  return rv;
}
