// Makes the keys that a search is among: token objects labelled PREFIX-00000000, PREFIX-00000001 … without a gap.
#ifndef STRONGROOM_LOAD_FILL_H
#define STRONGROOM_LOAD_FILL_H

#include "work.h"

// As many as fill the HSM's commits. (SoftHSM2 stands one.)
enum { FILL_MOST_MAKERS = 64 };

// Makes what is missing of o->keys, with o->makers threads. They stay: making them
// takes longer than all measurements. Says on stderr how far it is.
void fill(const struct module *m, const struct options *o);
// One search by class, type and label.
CK_RV fill_find(const struct module *m, CK_SESSION_HANDLE session, const char *prefix, unsigned long number,
                CK_ULONG *found);

#endif
