/* Keeps one entry per process (not per thread) with a pidfd; the pidfd tells when the process ends, so that an entry
 * never outlives the number it stands for.
 */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "records.h"

#define BUCKETS 1024u

struct entry {
	pid_t tid;
	struct process *process;
	struct entry *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry *buckets[BUCKETS];
static int ended = -1;

int process_events(void)
{
	if (ended < 0)
		ended = epoll_create1(EPOLL_CLOEXEC);
	return ended;
}

static ssize_t read_file(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size_t have = 0;
	ssize_t n;
	while (have < size - 1 && (n = read(fd, buffer + have, size - 1 - have)) > 0)
		have += (size_t)n;
	close(fd);
	buffer[have] = '\0';
	return (ssize_t)have;
}

static bool read_status(pid_t tid, char *buffer, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/status", tid);
	return read_file(path, buffer, size) > 0;
}

/* The text after `key` at the start of a line; the process's name cannot forge one, its newlines are escaped. */
static const char *field(const char *status, const char *key)
{
	const char *at = strstr(status, key);
	return at ? at + strlen(key) : NULL;
}

static uint32_t last_number(const char *line)
{
	uint32_t value = 0;

	for (; *line && *line != '\n'; line++) {
		if (*line == '\t' || *line == ' ')
			value = 0;
		else
			value = value * 10 + (uint32_t)(*line - '0');
	}
	return value;
}

uint32_t process_inner_tid(pid_t tid)
{
	char status[4096];

	if (!read_status(tid, status, sizeof status))
		return 0;
	const char *numbers = field(status, "\nNSpid:");
	return numbers ? last_number(numbers) : 0;
}

mode_t process_umask(pid_t tid)
{
	char status[4096];

	if (!read_status(tid, status, sizeof status))
		return 077;
	const char *text = field(status, "\nUmask:\t");
	return text ? (mode_t)strtoul(text, NULL, 8) & 0777 : 077;
}

static struct process *create(pid_t tgid)
{
	char status[4096];
	struct process *p = calloc(1, sizeof *p);

	if (!p || !read_status(tgid, status, sizeof status)) {
		free(p);
		return NULL;
	}
	const char *inner = field(status, "\nNSpid:"), *outer = field(status, "\nPPid:\t"),
		   *uid = field(status, "\nUid:\t");
	p->tgid = tgid;
	p->pid = inner ? last_number(inner) : 0;
	p->parent = outer ? process_inner_tid((pid_t)atoi(outer)) : 0;
	p->uid = uid ? (uint32_t)strtoul(uid, NULL, 10) : 0;
	p->pidfd = (int)syscall(SYS_pidfd_open, tgid, 0);
	if (p->pidfd < 0) {
		free(p);
		return NULL;
	}
	return p;
}

static void announce(const struct process *p)
{
	char path[64], exe[4096], argv[WIRE_ARGV_MAX + 1];

	snprintf(path, sizeof path, "/proc/%d/exe", p->tgid);
	ssize_t exe_length = readlink(path, exe, sizeof exe);
	snprintf(path, sizeof path, "/proc/%d/cmdline", p->tgid);
	ssize_t argv_length = read_file(path, argv, sizeof argv);
	if (exe_length < 0)
		exe_length = 0;
	if (argv_length < 0)
		argv_length = 0;
	struct wire_process record = {
		.pid = p->pid,
		.parent = p->parent,
		.host_pid = (uint32_t)p->tgid,
		.uid = p->uid,
		.exe_length = (uint32_t)exe_length,
		.argv_length = (uint32_t)argv_length,
		.argv_total = (uint32_t)argv_length,
	};
	struct part parts[] = { { &record, sizeof record },
				{ exe, (size_t)exe_length },
				{ argv, (size_t)argv_length } };
	records_send(WIRE_PROCESS, parts, 3);
}

static struct entry *find(pid_t tid)
{
	for (struct entry *e = buckets[(unsigned)tid % BUCKETS]; e; e = e->next)
		if (e->tid == tid)
			return e;
	return NULL;
}

static void insert(pid_t tid, struct process *p)
{
	struct entry *e = malloc(sizeof *e);

	if (!e)
		return;
	*e = (struct entry){ .tid = tid, .process = p, .next = buckets[(unsigned)tid % BUCKETS] };
	buckets[(unsigned)tid % BUCKETS] = e;
	p->references++;
}

/* Caller holds the lock. */
static void release(struct process *p)
{
	if (--p->references)
		return;
	close(p->pidfd);
	free(p);
}

static pid_t group_of(pid_t tid)
{
	char status[4096];

	if (!read_status(tid, status, sizeof status))
		return 0;
	const char *text = field(status, "\nTgid:\t");
	return text ? (pid_t)atoi(text) : 0;
}

struct process *process_get(pid_t tid)
{
	struct process *p = NULL;
	bool fresh = false;

	pthread_mutex_lock(&lock);
	struct entry *e = find(tid);
	if (e) {
		p = e->process;
	} else {
		pid_t tgid = group_of(tid);
		struct entry *leader = tgid ? find(tgid) : NULL;
		p = leader ? leader->process : tgid ? create(tgid) : NULL;
		if (p && !leader) {
			struct epoll_event watch = { .events = EPOLLIN, .data.u32 = (uint32_t)tgid };
			insert(tgid, p);
			epoll_ctl(process_events(), EPOLL_CTL_ADD, p->pidfd, &watch);
			fresh = true;
		}
		if (p && tid != tgid)
			insert(tid, p);
	}
	if (p)
		p->references++;
	pthread_mutex_unlock(&lock);
	if (fresh)
		announce(p);
	return p;
}

void process_put(struct process *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&lock);
	release(p);
	pthread_mutex_unlock(&lock);
}

static void forget(const struct process *gone)
{
	for (unsigned i = 0; i < BUCKETS; i++) {
		for (struct entry **at = &buckets[i]; *at;) {
			struct entry *e = *at;
			if (e->process != gone) {
				at = &e->next;
				continue;
			}
			*at = e->next;
			release(e->process);
			free(e);
		}
	}
}

void process_reap(void)
{
	struct epoll_event events[64];
	int n = epoll_wait(process_events(), events, 64, 0);

	pthread_mutex_lock(&lock);
	for (int i = 0; i < n; i++) {
		struct entry *e = find((pid_t)events[i].data.u32);
		if (!e)
			continue;
		epoll_ctl(ended, EPOLL_CTL_DEL, e->process->pidfd, NULL);
		forget(e->process);
	}
	pthread_mutex_unlock(&lock);
}

void process_executed(pid_t tid)
{
	struct process *p = process_get(tid);

	if (!p)
		return;
	announce(p);
	process_put(p);
}

int process_descriptor(struct process *p, pid_t tid, int fd)
{
	char path[64];

	/* A thread number may have been reused by another process since it was cached; descriptors are worth a check.
	 */
	snprintf(path, sizeof path, "/proc/%d/task/%d", p->tgid, tid);
	if (access(path, F_OK))
		return -ESRCH;
	int copy = (int)syscall(SYS_pidfd_getfd, p->pidfd, fd, 0);
	return copy < 0 ? -errno : copy;
}
