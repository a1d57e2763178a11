// From CK_MECHANISM to the wire's mechanism. The HSM announces each mechanism's shape (protocol.json, Shape), so there
// is one small function a shape and no table of mechanisms.
#ifndef STRONGROOM_PARAMS_H
#define STRONGROOM_PARAMS_H

#include "pkcs11.h"
#include "protocol.g.h"

// Copies the parameter, since the caller's may be gone before it is sent, into memory of the arena. `drawn_iv` gets the
// caller's own IV buffer for shapes where the HSM may draw the IV and the caller's is all zero; else it is untouched.
CK_RV sr_mechanism_read(const CK_MECHANISM *mechanism, const sr_mechanism_info *info, sr_arena *arena,
                        sr_mechanism *out, uint8_t **drawn_iv, size_t *drawn_iv_size);

#endif
