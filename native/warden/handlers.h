/* One handler per family of system calls. Each answers the call exactly once. */
#ifndef WARDEN_HANDLERS_H
#define WARDEN_HANDLERS_H

#include "call.h"

void handle_open(const struct call *c);	      /* open, creat, openat, openat2 */
void handle_entry(const struct call *c);      /* unlink, rmdir, mkdir, mknod, symlink families */
void handle_rename(const struct call *c);     /* rename and link families */
void handle_attributes(const struct call *c); /* truncate, chmod, chown, utime families */
void handle_xattr(const struct call *c);
void handle_exec(const struct call *c);
void handle_connect(const struct call *c);
void handle_bind(const struct call *c);
void handle_send(const struct call *c); /* sendto, sendmsg, sendmmsg */
void handle_clone(const struct call *c);

/* Copies a path argument. Its length, or -errno. */
ssize_t argument_path(const struct call *c, unsigned index, char path[static 4096]);

/* dirfd arguments are int in the kernel's eyes, whatever the upper half of the register holds. */
static inline int argument_int(const struct call *c, unsigned index)
{
	return (int)c->arguments[index];
}

#endif
