/* Where the relative paths of a call start. */
#ifndef WARDEN_BASE_H
#define WARDEN_BASE_H

#include "call.h"

/* The directory itself, held; `dirfd` is AT_FDCWD or a descriptor of the calling thread. A descriptor or -errno. */
int base_open(const struct call *c, int dirfd);

/* The path as one from the sandbox's root: of the directory's name at this moment. 0 or -errno; -ESTALE: it has been
 * removed, or is called as if. */
int base_make_absolute(const struct call *c, int dirfd, const char *path, char *absolute, size_t size);

#endif
