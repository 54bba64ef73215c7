/* The agent's own limit on the size of files. */
#ifndef WARDEN_SIZE_LIMIT_H
#define WARDEN_SIZE_LIMIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "call.h"

/* May the calling thread not make a file this large? Then it got SIGXFSZ, and the call fails with EFBIG. */
bool size_is_refused(const struct call *c, off_t size);

#endif
