/* How much memory the sandbox uses, where the kernel does not count it. */
#ifndef WARDEN_FOOTPRINT_H
#define WARDEN_FOOTPRINT_H

#include <stdint.h>
#include <sys/types.h>

/* From now on looks again and again, and ends the sandbox (`leader`) when its processes together hold more than `limit`
 * bytes. `agent` is any process of it. 0 or -errno. */
int footprint_watch(pid_t agent, pid_t leader, uint64_t limit);

#endif
