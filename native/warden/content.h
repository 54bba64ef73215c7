/* The content of programs, when the policy in force asks for it. */
#ifndef WARDEN_CONTENT_H
#define WARDEN_CONTENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sha256.h"

/* Larger programs are not run while content is asked for. */
#define CONTENT_BYTES_MAX (1ull << 30)

/* Does a policy in force ask for content hashes? */
bool content_required(void);

/* Set before a table that asks is put in force, cleared after one that does not. -ENOTSUP: this kernel lets a file be
 * written while it runs as a program (content_is_held), so no hash would hold. */
int content_require(bool required);

/* Does the kernel deny writing to the file of a running program (ETXTBSY)? Not in 6.11 and the first 6.12. */
bool content_is_held(void);

/* Can neither that user nor anybody inside have the open file written? Then its digest holds. */
bool content_is_settled(int fd, uid_t uid);

/* The digest of the file at `path`, for the agent of user `uid`. Reads it whole, unless neither that user nor anybody
 * inside can have written it since it was last read. 0; -EFBIG; or -errno: it cannot be read. */
int content_digest(const char *path, uid_t uid, uint8_t digest[static SHA256_BYTES]);

#endif
