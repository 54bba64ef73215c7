/* Memory for the data of messages, bounded over all calls in hand. */
#ifndef WARDEN_ROOM_H
#define WARDEN_ROOM_H

#include <stdbool.h>
#include <stddef.h>

struct room {
	char *bytes; /* NULL: there is none left */
	size_t size;
	bool is_pages;
};

/* `in_pages`: nothing else is ever put where the bytes were, for whoever still refers to them (MSG_ZEROCOPY). */
struct room room_take(size_t size, bool in_pages);
void room_give(const struct room *r);

#endif
