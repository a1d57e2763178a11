// What the lists hold beside the standard's functions.
#ifndef STRONGROOM_LISTS_H
#define STRONGROOM_LISTS_H

#include "strongroom_vendor.h"

extern SR_FUNCTION_LIST sr_vendor_list;

// C_GetInfo of the newer lists; under its own name it is the oldest list's.
CK_RV sr_get_info_3_0(CK_INFO_PTR pInfo);
CK_RV sr_get_info_3_2(CK_INFO_PTR pInfo);

#endif
