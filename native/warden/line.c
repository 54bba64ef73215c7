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
#define BUCKETS 4096u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct line *lines[LINES_MAX + 1], *buckets[BUCKETS];
static uint32_t count, first;

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
static const struct line *add(const struct line *up, const char *exe, uint32_t length, const uint8_t *digest)
{
	uint32_t bucket = bucket_of(up, exe, length), depth = up ? up->depth + 1 : 1;

	for (const struct line *l = buckets[bucket]; l; l = l->twin)
		if (l->up == up && runs(l, exe, length) && l->has_digest == (digest != NULL) &&
		    (!digest || !memcmp(l->digest, digest, SHA256_BYTES)))
			return l;
	struct line *l = count < LINES_MAX && depth <= DEPTH_MAX ? malloc(sizeof *l + length) : NULL;
	if (!l)
		return NULL;
	*l = (struct line){ .id = ++count, .up = up, .twin = buckets[bucket], .depth = depth, .length = length };
	memcpy(l->exe, exe, length);
	if (digest) {
		l->has_digest = true;
		memcpy(l->digest, digest, SHA256_BYTES);
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

const struct line *line_next(const struct line *l, const char *exe, uint32_t length, const uint8_t *digest)
{
	if (!l)
		return NULL;
	/* leash-entry is nobody's ancestor; and a program that ran before is in the line already. */
	const struct line *up = l->id == first || has_run(l->up, l->exe, l->length) ? l->up : l;
	pthread_mutex_lock(&lock);
	const struct line *next = add(up, exe, length, digest);
	pthread_mutex_unlock(&lock);
	return next;
}

const struct line *line_fork(const struct line *l)
{
	return l ? line_next(l, l->exe, l->length, l->has_digest ? l->digest : NULL) : NULL;
}

const struct line *line_with_digest(const struct line *l, const uint8_t digest[static SHA256_BYTES])
{
	pthread_mutex_lock(&lock);
	const struct line *same = add(l->up, l->exe, l->length, digest);
	pthread_mutex_unlock(&lock);
	return same;
}

int line_begin(pid_t pid)
{
	char path[64], exe[4096];

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	ssize_t length = readlink(path, exe, sizeof exe);
	if (length < 0)
		return -errno;
	pthread_mutex_lock(&lock);
	const struct line *l = first ? NULL : add(NULL, exe, (uint32_t)length, NULL);
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
