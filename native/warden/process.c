/* Keeps one entry per process (not per thread) with a pidfd; the pidfd tells when the process ends, so that an entry
 * never outlives the number it stands for.
 */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call.h"
#include "content.h"
#include "question.h"
#include "records.h"
#include "thread_table.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ended = -1;

int process_events(void)
{
	if (ended < 0)
		ended = epoll_create1(EPOLL_CLOEXEC);
	return ended;
}

/* A process that is seen for the first time executed nothing since its birth. */
static struct process *create(pid_t tgid)
{
	char status[4096];
	struct process *p = calloc(1, sizeof *p);

	if (!p || !status_read(tgid, status, sizeof status)) {
		free(p);
		return NULL;
	}
	const char *inner = status_field(status, "\nNSpid:"), *outer = status_field(status, "\nPPid:\t"),
		   *uid = status_field(status, "\nUid:\t");
	p->tgid = tgid;
	p->pid = inner ? status_last_number(inner) : 0;
	p->parent = outer ? process_inner_tid((pid_t)atoi(outer)) : 0;
	p->uid = uid ? (uint32_t)strtoul(uid, NULL, 10) : 0;
	p->executed = line_executed(tgid);
	p->line = line_fork(p->executed);
	p->pidfd = (int)syscall(SYS_pidfd_open, tgid, 0);
	if (p->pidfd < 0) {
		free(p);
		return NULL;
	}
	return p;
}

void process_announce(const struct process *p)
{
	char path[64], argv[WIRE_ARGV_MAX + 1];
	const struct line *line = __atomic_load_n(&p->line, __ATOMIC_ACQUIRE);

	snprintf(path, sizeof path, "/proc/%d/cmdline", p->tgid);
	ssize_t argv_length = status_read_file(path, argv, sizeof argv);
	if (argv_length < 0)
		argv_length = 0;
	struct wire_process record = {
		.pid = p->pid,
		.parent = p->parent,
		.host_pid = (uint32_t)p->tgid,
		.uid = p->uid,
		.exe_length = line ? line->length : 0,
		.argv_length = (uint32_t)argv_length,
		.argv_total = (uint32_t)argv_length,
		.line = line ? line->id : 0,
		.line_up = line && line->up ? line->up->id : 0,
		.server = line ? line->server : 0,
	};
	if (line && line->has_digest)
		memcpy(record.sha256, line->digest, sizeof record.sha256);
	struct part parts[] = { { &record, sizeof record },
				{ line ? line->exe : NULL, line ? line->length : 0 },
				{ argv, (size_t)argv_length } };
	records_send(WIRE_PROCESS, parts, 3);
}

void process_release(struct process *p)
{
	if (--p->references)
		return;
	close(p->pidfd);
	free(p);
}

static pid_t group_of(pid_t tid)
{
	char status[4096];

	if (!status_read(tid, status, sizeof status))
		return 0;
	const char *text = status_field(status, "\nTgid:\t");
	return text ? (pid_t)atoi(text) : 0;
}

/* The process of `tid`, unless the number stands for another thread by now: what that one executed, the kernel knows.
 * Caller holds the lock. */
static struct process *find_current(pid_t tid)
{
	struct process *p = threads_find(tid);

	if (!p || line_executed(tid) == p->executed)
		return p;
	if (tid == p->tgid)
		threads_forget(p);
	else
		threads_drop(tid);
	return NULL;
}

/* A process at first sight. Announced before the lock is given up, so that no record of another thread comes first.
 * Caller holds the lock. */
static struct process *meet(pid_t tgid)
{
	struct epoll_event watch = { .events = EPOLLIN, .data.u32 = (uint32_t)tgid };
	struct process *p = create(tgid);

	if (!p)
		return NULL;
	threads_add(tgid, p);
	epoll_ctl(process_events(), EPOLL_CTL_ADD, p->pidfd, &watch);
	process_announce(p);
	return p;
}

struct process *process_get(pid_t tid)
{
	pthread_mutex_lock(&lock);
	struct process *p = find_current(tid);
	if (!p) {
		pid_t tgid = group_of(tid);
		p = tgid ? find_current(tgid) : NULL;
		if (!p && tgid)
			p = meet(tgid);
		if (p && tid != tgid)
			threads_add(tid, p);
	}
	if (p)
		p->references++;
	pthread_mutex_unlock(&lock);
	return p;
}

void process_put(struct process *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&lock);
	process_release(p);
	pthread_mutex_unlock(&lock);
}

void process_reap(void)
{
	struct epoll_event events[64];
	int n = epoll_wait(process_events(), events, 64, 0);

	pthread_mutex_lock(&lock);
	for (int i = 0; i < n; i++) {
		struct process *p = threads_find((pid_t)events[i].data.u32);
		if (!p)
			continue;
		epoll_ctl(ended, EPOLL_CTL_DEL, p->pidfd, NULL);
		question_forget(p->tgid);
		threads_forget(p);
	}
	pthread_mutex_unlock(&lock);
}

/* Asked for since it was started: its file is as it was then. */
static const struct line *learn_content(struct process *p, const struct line *line)
{
	uint8_t digest[SHA256_BYTES];
	char path[64];

	call_may_block();
	snprintf(path, sizeof path, "/proc/%d/exe", p->tgid);
	const struct line *known = content_digest(path, p->uid, digest) ? NULL : line_with_digest(line, digest);
	/* Unless it runs another program by now; then its call is over, too. */
	if (known) {
		__atomic_compare_exchange_n(&p->line, &line, known, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
		process_announce(p);
	}
	return known;
}

const struct line *process_line(struct process *p)
{
	const struct line *line = p ? __atomic_load_n(&p->line, __ATOMIC_ACQUIRE) : NULL;

	return line && !line->has_digest && content_required() ? learn_content(p, line) : line;
}

struct process *process_executed(pid_t pid, const struct line *line)
{
	struct process *p = process_get(pid);

	if (!p)
		return NULL;
	/* Both at once, or process_get would take the process for another. */
	pthread_mutex_lock(&lock);
	bool noted = line_set_executed(pid, line) == 0;
	if (noted) {
		p->executed = line;
		__atomic_store_n(&p->line, line, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&lock);
	if (noted)
		return p;
	process_put(p);
	return NULL;
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
