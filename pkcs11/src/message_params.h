// The parameters of message-based encryption (PKCS#11 3.2, 6.13.10 and 6.13.11): each message brings its IV and takes
// its tag apart from the text.
#ifndef STRONGROOM_MESSAGE_PARAMS_H
#define STRONGROOM_MESSAGE_PARAMS_H

#include "pkcs11.h"
#include "protocol.g.h"

// What of a message lies with the caller.
struct sr_message {
  uint8_t *tag;
  size_t tag_size;
  uint8_t *iv;  // where an IV that the HSM draws is written; NULL: the caller's is used
  size_t iv_size;
};

// The mechanism of C_Message…Init. A cipher's parameter may be missing there: the HSM then judges the key with a
// parameter that is always right.
CK_RV sr_message_mechanism_read(uint64_t use, const CK_MECHANISM *mechanism, const sr_mechanism_info *info,
                                sr_arena *arena, sr_mechanism *out);

// One message's CK_GCM_MESSAGE_PARAMS or CK_CCM_MESSAGE_PARAMS, by the mechanism's shape, and its associated data.
// Copies go to the arena.
CK_RV sr_message_read(uint64_t use, uint64_t shape, const void *parameter, CK_ULONG size, const CK_BYTE *aad,
                      CK_ULONG aad_size, sr_arena *arena, sr_mechanism *out, struct sr_message *message);

#endif
