// The library's version, as C_GetInfo and Hello tell it.
#ifndef STRONGROOM_VERSION_H
#define STRONGROOM_VERSION_H

#define SR_VERSION_MAJOR 0
#define SR_VERSION_MINOR 1
#define SR_VERSION_TEXT "0.1"

#endif
