/* From a path in the agent's memory to the object it names, in the agent's view, held by descriptors. */
#ifndef WARDEN_RESOLVE_H
#define WARDEN_RESOLVE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "call.h"

#define OBJECT_PATH_MAX (PATH_MAX + NAME_MAX + 2)

struct object {
	int fd;	    /* O_PATH; -1 when it does not exist */
	int parent; /* O_PATH of the directory that holds `name`; -1 when it was not asked for */
	char name[NAME_MAX + 1];
	bool trailing;	  /* with RESOLVE_PARENT: `name` was written with a slash behind it, which follows no link */
	struct stat stat; /* of fd */
	/* Reached through a descriptor and not by any path of the sandbox: a pipe, a deleted file, a file of the host
	 * handed in as stdin. */
	bool unnamed;
	bool by_descriptor; /* or another link of procfs that names an object, not a path */
	uint16_t held;	    /* rights (WIRE_READ, WIRE_WRITE) of that descriptor */
	uint32_t length;
	char path[OBJECT_PATH_MAX]; /* canonical in the agent's view; a directory's ends with '/' */
};

enum resolve_flag {
	RESOLVE_LINK = 1 << 0,	 /* the final symbolic link itself, not what it names */
	RESOLVE_PARENT = 1 << 1, /* also hold the parent; a missing final component is no error */
	RESOLVE_EMPTY = 1 << 2,	 /* an empty path names the descriptor itself (AT_EMPTY_PATH) */
};

/* The root of the sandbox; every path is resolved beneath it. */
void resolve_open_root(int root);

/* Resolves `path` (a copy) against `dirfd` of the calling thread. 0 or -errno; on 0 give the object back with
 * object_close. */
int resolve(const struct call *c, int dirfd, const char *path, unsigned flags, struct object *o);

/* Opens an existing object for reading with `flags` instead of O_PATH, by a path without procfs links. 0 or -errno. */
int resolve_open(const struct call *c, int dirfd, const char *path, uint64_t flags, struct object *o);

/* Opened with O_PATH: it names its file and holds nothing of it, so fchmod(2) and its like answer EBADF. */
bool descriptor_is_path(const struct call *c, int fd);

/* The object behind descriptor `fd` of the calling thread. 0 or -errno. */
int resolve_descriptor(const struct call *c, int fd, struct object *o);

/* Resolves with openat2's own restrictions (RESOLVE_BENEATH …); no procfs links are followed. 0 or -errno. */
int resolve_restricted(const struct call *c, int dirfd, const char *path, unsigned flags, uint64_t restrictions,
		       struct object *o);

/* Is something mounted here? The kernel removes and renames no such entry (EBUSY), but asks that of the mount namespace
 * of whoever calls, which is the warden. Source: fs/namei.c, is_local_mountpoint(). */
bool object_is_mount(const struct object *o);

void object_clear(struct object *o);
void object_close(struct object *o);

static inline bool object_is_directory(const struct object *o)
{
	return o->fd >= 0 && S_ISDIR(o->stat.st_mode);
}

/* "/proc/self/fd/N" of an O_PATH descriptor held here: names exactly that object. */
struct handle {
	char path[32];
};
struct handle object_handle(int fd);

#endif
