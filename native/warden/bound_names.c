/* unix_bind() keeps the text it was given, here "/proc/self/fd/N/name" of the directory held, and recvfrom(2) hands it
 * out as the address to answer to. The last bound ones are remembered, so that an answer finds its way; it is resolved
 * and judged like any other. When the memory is lost the answer is ENOENT.
 */
#define _GNU_SOURCE
#include "bound_names.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define NAMES_KEPT 1024u

/* Above what the warden has open itself, below the usual limit of 1,024. */
#define NUMBER_FIRST 512
#define NUMBERS 448u

struct bound {
	char name[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *path;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct bound names[NAMES_KEPT];
static unsigned next;

int bound_names_descriptor(int directory)
{
	static atomic_uint turn;
	int fd = fcntl(directory, F_DUPFD_CLOEXEC, NUMBER_FIRST + (int)(atomic_fetch_add(&turn, 1) % NUMBERS));

	return fd >= 0 ? fd : fcntl(directory, F_DUPFD_CLOEXEC, 3);
}

void bound_names_keep(const char *name, const char *path)
{
	char *copy = strdup(path);

	pthread_mutex_lock(&lock);
	struct bound *b = &names[next++ % NAMES_KEPT];
	free(b->path);
	b->path = copy;
	strncpy(b->name, name, sizeof b->name - 1);
	pthread_mutex_unlock(&lock);
}

bool bound_names_find(const char *name, char path[PATH_MAX])
{
	bool found = false;

	if (strncmp(name, "/proc/self/fd/", 14))
		return false;
	pthread_mutex_lock(&lock);
	for (unsigned i = 1; i <= NAMES_KEPT && !found; i++) {
		const struct bound *b = &names[(next - i) % NAMES_KEPT];
		found = b->path && !strcmp(b->name, name) && strlen(b->path) < PATH_MAX;
		if (found)
			strcpy(path, b->path);
	}
	pthread_mutex_unlock(&lock);
	return found;
}
