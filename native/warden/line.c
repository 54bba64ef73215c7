/* A process carries its line as the soft limit RLIMIT_LOCKS. That limit has had no effect since Linux 2.4.25; fork(2)
 * and execve(2) hand it on, so a child has it from the moment it exists, and keeps it when its parent is gone and it is
 * somebody else's child. Nobody inside can change it: the filter refuses setrlimit(2) and prlimit(2) for it. Nothing
 * has to be seen of a fork: a process between two execve calls only forks, and what it forks runs its own program.
 */
#define _GNU_SOURCE
#include "line.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LINES_MAX (1u << 18)
#define DEPTH_MAX 256u
#define BYTES_MAX (64u << 20) /* of all lines together: half a million ordinary names */
#define BUCKETS 4096u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct line *lines[LINES_MAX + 1], *buckets[BUCKETS];
static uint32_t count, first;
static size_t bytes;

/* FNV-1a */
static uint32_t bucket_of(const struct line *up, const char *exe, uint32_t length)
{
	uint32_t hash = 2166136261u ^ (up ? up->id : 0);

	for (uint32_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)exe[i]) * 16777619u;
	return (hash ^ hash >> 16) % BUCKETS;
}

static bool runs(const struct line *l, const char *exe, uint32_t length)
{
	return l->length == length && !memcmp(l->exe, exe, length);
}

/* Caller holds the lock. */
static const struct line *add(const struct line *up, const struct executable *e, uint32_t server)
{
	uint32_t bucket = bucket_of(up, e->path, e->length), depth = up ? up->depth + 1 : 1;

	for (const struct line *l = buckets[bucket]; l; l = l->twin)
		if (l->up == up && l->server == server && runs(l, e->path, e->length) && l->is_loader == e->is_loader &&
		    l->has_digest == (e->digest != NULL) && (!e->digest || !memcmp(l->digest, e->digest, SHA256_BYTES)))
			return l;
	size_t size = sizeof(struct line) + e->length;
	bool fits = count < LINES_MAX && depth <= DEPTH_MAX && bytes + size <= BYTES_MAX;
	struct line *l = fits ? malloc(size) : NULL;
	if (!l)
		return NULL;
	bytes += size;
	*l = (struct line){ .id = ++count,
			    .up = up,
			    .twin = buckets[bucket],
			    .depth = depth,
			    .is_loader = e->is_loader,
			    .server = server,
			    .length = e->length };
	memcpy(l->exe, e->path, e->length);
	if (e->digest) {
		l->has_digest = true;
		memcpy(l->digest, e->digest, SHA256_BYTES);
	}
	buckets[bucket] = lines[l->id] = l;
	return l;
}

static bool has_run(const struct line *l, const char *exe, uint32_t length)
{
	while (l && !runs(l, exe, length))
		l = l->up;
	return l != NULL;
}

const struct line *line_next(const struct line *l, const struct executable *e)
{
	if (!l)
		return NULL;
	/* leash-entry is nobody's ancestor; and a program that ran before is in the line already. */
	const struct line *up = l->id == first || has_run(l->up, l->exe, l->length) ? l->up : l;
	pthread_mutex_lock(&lock);
	const struct line *next = add(up, e, l->server);
	pthread_mutex_unlock(&lock);
	return next;
}

static struct executable executable_of(const struct line *l)
{
	return (struct executable){
		.path = l->exe,
		.length = l->length,
		.digest = l->has_digest ? l->digest : NULL,
		.is_loader = l->is_loader,
	};
}

const struct line *line_fork(const struct line *l)
{
	struct executable same;

	if (!l)
		return NULL;
	same = executable_of(l);
	return line_next(l, &same);
}

const struct line *line_with_digest(const struct line *l, const uint8_t digest[static SHA256_BYTES])
{
	struct executable known = executable_of(l);

	known.digest = digest;
	pthread_mutex_lock(&lock);
	const struct line *same = add(l->up, &known, l->server);
	pthread_mutex_unlock(&lock);
	return same;
}

const struct line *line_with_server(const struct line *l, uint32_t server)
{
	const struct executable same = executable_of(l);

	pthread_mutex_lock(&lock);
	const struct line *marked = add(l->up, &same, server);
	pthread_mutex_unlock(&lock);
	return marked;
}

int line_begin(pid_t pid)
{
	char path[64], exe[4096];

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	ssize_t length = readlink(path, exe, sizeof exe);
	if (length < 0)
		return -errno;
	const struct executable entry = { .path = exe, .length = (uint32_t)length };

	pthread_mutex_lock(&lock);
	const struct line *l = first ? NULL : add(NULL, &entry, 0);
	if (l)
		first = l->id;
	pthread_mutex_unlock(&lock);
	return l ? line_set_executed(pid, l) : -ENOMEM;
}

const struct line *line_executed(pid_t tid)
{
	struct rlimit limit;

	if (prlimit(tid, RLIMIT_LOCKS, NULL, &limit) || !limit.rlim_cur || limit.rlim_cur > LINES_MAX)
		return NULL;
	pthread_mutex_lock(&lock);
	const struct line *l = lines[limit.rlim_cur];
	pthread_mutex_unlock(&lock);
	return l;
}

int line_set_executed(pid_t pid, const struct line *l)
{
	struct rlimit limit;

	if (prlimit(pid, RLIMIT_LOCKS, NULL, &limit))
		return -errno;
	if (limit.rlim_max < LINES_MAX)
		return -ERANGE; /* the user's own hard limit */
	limit.rlim_cur = l->id;
	return prlimit(pid, RLIMIT_LOCKS, &limit, NULL) ? -errno : 0;
}
