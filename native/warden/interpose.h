/* The manager between a program and who starts it: what the program reads and writes as standard input and output leads
 * through the manager, and whoever started it keeps the ends that it has.
 *
 *   client ──pipe──▶ manager ──socket──▶ 0  program
 *          ◀──pipe──         ◀──socket── 1
 *
 * The program's ends are sockets: unlike a pipe, a socket cannot be opened once more by its name in /proc.
 */
#ifndef WARDEN_INTERPOSE_H
#define WARDEN_INTERPOSE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "call.h"

/* Node's IPC channel, and whether the table that comes into force wants programs to be looked at. */
void interpose_open(int channel);
void interpose_require(bool required);

struct interposed {
	bool is;		/* else the rest means nothing */
	struct stat streams[2]; /* what 0 and 1 of the program must be */
};

/* `c` of a known process. Asks the manager about the program of `o`, which is about to be executed, if its standard
 * input and output are pipes or sockets; exchanges them if the manager wants to be between. 0: it may run, of `*server`
 * if that is not 0; or -errno. */
int interpose(const struct call *c, struct operation *o, struct interposed *i, uint32_t *server);

/* At the exec stop, when nobody shares the descriptors any more: are 0 and 1 those that were put there? */
bool interposed_stands(pid_t pid, const struct interposed *i);

#endif
