/* A thousand senders that wait must not cost more memory here than their limits let them have themselves. */
#define _GNU_SOURCE
#include "room.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#define TOTAL_MAX ((size_t)256 << 20)

static atomic_size_t total;

static char *allocate(size_t size, bool in_pages)
{
	if (!in_pages)
		return malloc(size);
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return bytes == MAP_FAILED ? NULL : bytes;
}

struct room room_take(size_t size, bool in_pages)
{
	struct room r = { .size = size, .is_pages = in_pages };

	if (atomic_fetch_add(&total, size) + size <= TOTAL_MAX)
		r.bytes = allocate(size, in_pages);
	if (!r.bytes)
		atomic_fetch_sub(&total, size);
	return r;
}

void room_give(const struct room *r)
{
	if (!r->bytes)
		return;
	if (r->is_pages)
		munmap(r->bytes, r->size);
	else
		free(r->bytes);
	atomic_fetch_sub(&total, r->size);
}
