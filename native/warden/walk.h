/* Resolution one component at a time, for paths through procfs and through links that openat2 will not follow. */
#ifndef WARDEN_WALK_H
#define WARDEN_WALK_H

#include "resolve.h"

void walk_open_root(int root);

/* Resolves an absolute path; closes and refills what `o` holds. 0 or -errno. Follows at most 40 links, as the kernel
 * does. */
int walk(const struct call *c, const char *absolute, unsigned flags, struct object *o);

/* The same for a relative path; `base`, a directory, is given away. */
int walk_from(const struct call *c, int base, const char *path, unsigned flags, struct object *o);

bool walk_is_procfs(int fd);

/* Sets `unnamed` unless the object's path leads to the same object from the sandbox's root; then it is held as it is
 * there. */
void walk_check_name(struct object *o);

/* In object.c. */
void object_open(void);
int object_identify(struct object *o);
/* What d_path() appends to a name that was removed; something may be called so, too. Source: fs/d_path.c. */
bool object_looks_removed(const char *path, size_t length);
int object_name_beneath(struct object *o);
ssize_t canonical_path(int fd, char *path, size_t size);

#endif
