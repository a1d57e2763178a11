// Templates between CK_ATTRIBUTE and the wire. Values travel as they lie in memory: the wire's form is PKCS#11's on a
// little-endian machine with 8-byte CK_ULONG, and the library is built for no other.
#ifndef STRONGROOM_ATTRIBUTES_H
#define STRONGROOM_ATTRIBUTES_H

#include "pkcs11.h"
#include "protocol.g.h"

// A template for a request. The values stay the caller's; only the list is made, in the arena.
CK_RV sr_template_read(const CK_ATTRIBUTE *from, CK_ULONG count, sr_arena *arena, const sr_attribute **items);
// The same with copies of the values, for a template that outlives the call.
CK_RV sr_template_copy(const CK_ATTRIBUTE *from, CK_ULONG count, sr_arena *arena, const sr_attribute **items);

// Fills the caller's template with what was read, by the rules of C_GetAttributeValue: each attribute on its own, the
// others are not lost when one fails.
CK_RV sr_template_fill(CK_ATTRIBUTE *to, CK_ULONG count, const sr_attribute_result *results, size_t result_count);

#endif
