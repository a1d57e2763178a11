// Fork and OpenSSL. Hosts load the module and then fork (nginx, Apache, PostgreSQL, OpenSSH). A child that was forked
// while another thread was inside OpenSSL inherits OpenSSL's locks and counters half-way through and hangs sooner or
// later. So every call into OpenSSL, and every change to our table of descriptors, is made under the read side of one
// lock that fork takes for writing. The lock prefers writers, so a fork waits for the calls that run but not for those
// that would follow; it is never held over send, recv, poll or a wait, so a fork never waits for the network.
#ifndef STRONGROOM_FORK_H
#define STRONGROOM_FORK_H

#include <stdbool.h>

// Registers the handlers, once in the life of the process; false when the system refuses.
bool sr_fork_prepare_process(void);

// Around every call into OpenSSL. Not recursive.
void sr_openssl_enter(void);
void sr_openssl_leave(void);

// Serialises C_Initialize, C_Finalize and fork.
void sr_lifecycle_lock(void);
void sr_lifecycle_unlock(void);

#endif
