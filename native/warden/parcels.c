/* Messages with a descriptor each enter from the warden's socket, and leave in their order. */
#define _GNU_SOURCE
#include "parcels.h"

#include <unistd.h>

#include "../lib/descriptors.h"

#define ROOM 64u

static struct parcel waiting[ROOM];
static unsigned first, count;

bool parcels_have_room(void)
{
	return count < ROOM;
}

bool parcels_take(int socket)
{
	struct parcel *p = &waiting[(first + count) % ROOM];
	unsigned fds;

	p->length = (int)descriptors_receive(socket, p->line, sizeof p->line, &p->fd, 1, &fds);
	if (p->length <= 0 || fds != 1)
		return false;
	count++;
	return true;
}

const struct parcel *parcels_first(void)
{
	return count ? &waiting[first] : NULL;
}

void parcels_drop(void)
{
	close(waiting[first].fd);
	first = (first + 1) % ROOM;
	count--;
}
