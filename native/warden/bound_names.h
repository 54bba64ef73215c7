/* Names of datagram sockets that the warden bound: a receiver sees the kernel's, which only the warden can read. */
#ifndef WARDEN_BOUND_NAMES_H
#define WARDEN_BOUND_NAMES_H

#include <limits.h>
#include <stdbool.h>

/* A duplicate of a directory under a number that comes again only after many others, for such a name. Close it. The
 * descriptor or -1. */
int bound_names_descriptor(int directory);

/* A socket was bound as `name`; in the agent's view its file is `path`. */
void bound_names_keep(const char *name, const char *path);

/* The path of the socket bound as `name` last. False: there is none. */
bool bound_names_find(const char *name, char path[PATH_MAX]);

#endif
