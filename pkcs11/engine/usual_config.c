#include "config.h"

// What `configure-dyn` writes.
const char sr_usual_config[] = "/opt/cloudhsm/etc/cloudhsm-dyn.cfg";
