// The vendor's list, made in api_vendor.c and handed out by lists.c.
#ifndef STRONGROOM_LISTS_H
#define STRONGROOM_LISTS_H

#include "strongroom_vendor.h"

extern SR_FUNCTION_LIST sr_vendor_list;

#endif
