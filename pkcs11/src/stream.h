// The exchanges behind an operation: whole in one frame, or Begin, Update, Finish. Input of any length: what does not
// fit into one frame is sent in parts.
#ifndef STRONGROOM_STREAM_H
#define STRONGROOM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "cbor.h"
#include "pkcs11.h"

struct sr_session;

// Output of an operation: in place for what is short, else on the heap. It may be plaintext and is wiped.
struct sr_result {
  uint8_t *data;
  size_t size;
  size_t capacity;
  uint8_t place[512];
};
void sr_result_free(struct sr_result *result);

CK_RV sr_stream_whole(struct sr_session *s, uint64_t use, const CK_BYTE *in, CK_ULONG in_size,
                      const sr_bytes *signature, struct sr_result *result);
// Each appends its output to the result.
CK_RV sr_stream_begin(struct sr_session *s, uint64_t use);
CK_RV sr_stream_part(struct sr_session *s, uint64_t use, const CK_BYTE *in, CK_ULONG in_size, struct sr_result *result);
CK_RV sr_stream_key(struct sr_session *s, uint64_t use, CK_OBJECT_HANDLE key);
// `again`: the input must be sent once more, and gives its output then.
CK_RV sr_stream_finish(struct sr_session *s, uint64_t use, const sr_bytes *signature, struct sr_result *result,
                       bool *again);
void sr_stream_cancel(struct sr_session *s, uint64_t use);

#endif
