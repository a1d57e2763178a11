#include "config.h"

// What `configure-pkcs11` writes.
const char sr_usual_config[] = "/opt/cloudhsm/etc/cloudhsm-pkcs11.cfg";
