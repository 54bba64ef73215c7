/* The socket at which a container's entry process reaches the warden. One process comes in, and is looked at. */
#ifndef WARDEN_DOOR_H
#define WARDEN_DOOR_H

#include <stdbool.h>

#include "commands.h"

/* What main was told: the path to listen at, the program that may come in, the descriptor of the agent's environment,
 * and whether the engine gives the agent a terminal. `led`: where the agent's streams lead, if not where the warden's
 * do (commands.h). */
struct door {
	const char *path, *program;
	int environment;
	bool has_terminal;
	struct commands_ends led;
};

/* A listening socket, or -errno. */
int door_open(const struct door *d);

/* Lets in who waits at the socket `*listener`, which is closed and replaced by the connection to it. 0, or -errno after
 * a fault was reported. */
int door_answer(const struct door *d, int *listener);

/* Ends the container that came in, whatever runs in it. False when none has. */
bool door_end(void);

#endif
