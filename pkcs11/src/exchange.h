// Every request that the library makes, on one screen: its lane and whether it may be repeated. For each there is
//   CK_RV sr_exchange_NAME(cluster, call, request, reply)
// After it, whatever it returned, sr_call_end(call) is due; the reply points into the call.
#ifndef STRONGROOM_EXCHANGE_H
#define STRONGROOM_EXCHANGE_H

#include "call.h"
#include "protocol.g.h"

#define SR_EXCHANGES(X)                           \
  X(echo, FAST, ALWAYS)                           \
  X(login, SLOW, ALWAYS)                          \
  X(logout, FAST, ALWAYS)                         \
  X(renew_ticket, FAST, ALWAYS)                   \
  X(set_pin, SLOW, UNSENT)                        \
  X(init_pin, SLOW, UNSENT)                       \
  X(get_token_info, FAST, ALWAYS)                 \
  X(get_mechanisms, FAST, ALWAYS)                 \
  X(open_session, FAST, ALWAYS)                   \
  X(close_session, FAST, ALWAYS)                  \
  X(close_all_sessions, FAST, ALWAYS)             \
  X(get_session_info, FAST, ALWAYS)               \
  X(create_object, COMMIT, ALWAYS) /* numbered */ \
  X(copy_object, COMMIT, ALWAYS)                  \
  X(destroy_object, COMMIT, ALWAYS)               \
  X(set_attributes, COMMIT, ALWAYS)               \
  X(get_attributes, FAST, ALWAYS)                 \
  X(find_objects, FAST, ALWAYS)                   \
  X(get_object_size, FAST, ALWAYS)                \
  X(generate_key, COMMIT, ALWAYS)                 \
  X(generate_key_pair, SLOW, ALWAYS)              \
  X(wrap_key, FAST, ALWAYS)                       \
  X(unwrap_key, COMMIT, ALWAYS)                   \
  X(derive_key, COMMIT, ALWAYS)                   \
  X(encapsulate_key, COMMIT, ALWAYS)              \
  X(decapsulate_key, COMMIT, ALWAYS)              \
  X(prepare, FAST, ALWAYS)                        \
  X(perform, FAST, ALWAYS)                        \
  X(begin, FAST, ALWAYS)                          \
  X(update, FAST, UNSENT)                         \
  X(finish, FAST, UNSENT)                         \
  X(cancel, FAST, ALWAYS)                         \
  X(generate_random, FAST, ALWAYS)                \
  X(seed_random, FAST, ALWAYS)

#define SR_DEFINE_EXCHANGE(name, lane, retry) SR_DEFINE_EXCHANGE_AS(name, name, lane, retry)
#define SR_DEFINE_EXCHANGE_AS(function, name, lane, retry)                                                             \
  static inline CK_RV sr_exchange_##function(struct sr_cluster *cluster, struct sr_call *call,                         \
                                             const sr_##name##_request *request, sr_##name##_reply *reply) {           \
    sr_call_begin(call, cluster, SR_LANE_##lane, SR_RETRY_##retry);                                                    \
    sr_write_##name(&call->frame, call->id, call->epoch, call->sequence, request);                                     \
    CK_RV rv = sr_call_run(call);                                                                                      \
    if (rv != CKR_OK) return rv;                                                                                       \
    if (sr_read_##name(&call->reader, &call->arena, reply) && call->reader.offset == call->reader.size) return CKR_OK; \
    return sr_call_malformed(call);                                                                                    \
  }
SR_EXCHANGES(SR_DEFINE_EXCHANGE)
SR_DEFINE_EXCHANGE_AS(generate_key_from_password, generate_key, SLOW, ALWAYS)  // PBKDF2

#endif
