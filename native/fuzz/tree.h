/* A small sandbox to resolve paths in: a file tree with all that makes resolution hard, and a process that lives there.
 */
#ifndef LEASH_FUZZ_TREE_H
#define LEASH_FUZZ_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#define QUESTIONS 128u
#define TREE_PATH_MAX 4096u

/* Descriptors that the process holds. */
enum {
	HELD_DIRECTORY = 10, /* /a/b */
	HELD_FILE,	     /* /a/b/f */
	HELD_PIPE,
	HELD_DELETED,		/* a file without a name */
	HELD_DELETED_DIRECTORY, /* /a/gone, removed */
	HELD_OTHER_NAME,	/* a file whose name is gone, and that has another */
	HELD_ROOT,
	HELD_HOST,  /* a directory outside the root: the host's /etc */
	HELD_MOUNT, /* /t, another file system */
	HELD_END,
};

/* A path, and what the process itself reaches by it. */
struct question {
	int dirfd;
	int flags;	       /* of openat2(2) */
	uint64_t restrictions; /* likewise; 0: openat(2) is asked */
	char path[TREE_PATH_MAX];
	int error; /* or 0 */
	struct stat stat;
};

struct tree {
	pid_t pid;		     /* of the process, as seen from here */
	int root;		     /* O_PATH */
	dev_t device, other, procfs; /* of the root, of /t, of /proc */
	struct question *questions;  /* shared with the process */
};

/* Makes the tree in namespaces of its own. With `moving`, a second process goes on renaming in it. */
void tree_open(struct tree *t, bool moving);

/* The process changes to the directory behind `cwd` (one of HELD_) and answers the first `count` questions. */
void tree_ask(struct tree *t, int cwd, uint32_t count);

/* What the second process does; in mover.c. */
_Noreturn void tree_move_about(void);

void tree_close(struct tree *t);

#endif
