/* The arguments of socket(2) and socketpair(2), tested in the filter. */
#ifndef LEASH_ENTRY_FILTER_SOCKET_H
#define LEASH_ENTRY_FILTER_SOCKET_H

#include "program.h"

void filter_socket(struct program *p);
void filter_socketpair(struct program *p);

#endif
