/* Resolution one component at a time, for paths through procfs and through links that openat2 will not follow. */
#ifndef WARDEN_WALK_H
#define WARDEN_WALK_H

#include "resolve.h"

void walk_open_root(int root);

/* Resolves an absolute path; closes and refills what `o` holds. 0 or -errno. Follows at most 40 links, as the kernel
 * does. */
int walk(const struct call *c, const char *absolute, unsigned flags, struct object *o);

bool walk_is_procfs(int fd);

/* Sets `unnamed` unless the object's path leads to the same object from the sandbox's root. */
void walk_check_name(struct object *o);

/* In object.c. */
void object_open(void);
int object_identify(struct object *o);
int object_name_beneath(struct object *o);
ssize_t canonical_path(int fd, char *path, size_t size);

#endif
