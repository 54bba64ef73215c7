/* What leash-entry is told on its command line; main.c says how it is called. */
#ifndef LEASH_ENTRY_ARGUMENTS_H
#define LEASH_ENTRY_ARGUMENTS_H

#include <stdbool.h>
#include <sys/resource.h>

#include "step.h"

/* The sandbox could not be built. */
enum { EXIT_SANDBOX = 125 };

/* Kinds of paths that may be given more than once. */
enum { WRITABLE, OVERLAY, MASK, OWN, COVER, KINDS };

struct paths {
	char **list;
	unsigned count;
};

struct arguments {
	int socket;
	const char *door;
	bool nests;
	struct paths paths[KINDS];
	struct belongings belongings; /* of --door */
	rlim_t processes;	      /* 0: no limit of this user's in this user namespace */
	char **command;
};

/* Ends the process when the words are not what main.c says. The lists live as long as the process. */
struct arguments arguments_parse(int argc, char **argv);

#endif
