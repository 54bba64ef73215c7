/* Handles that the warden sends to the manager while the dialer has Node's channel: they wait here for their turn. */
#ifndef WARDEN_PARCELS_H
#define WARDEN_PARCELS_H

#include <stdbool.h>

struct parcel {
	char line[256]; /* a message of Node's, with its newline */
	int length, fd;
};

bool parcels_have_room(void);

/* Takes one from the warden's socket. False when the warden is gone. */
bool parcels_take(int socket);

/* The oldest, or NULL. */
const struct parcel *parcels_first(void);

/* Closes the oldest's descriptor. */
void parcels_drop(void);

#endif
