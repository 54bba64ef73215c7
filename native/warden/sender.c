/* Credentials are compared with those of the thread, as the kernel does for a sender without capabilities. Source:
 * scm_check_creds(), net/core/scm.c. */
#define _GNU_SOURCE
#include "sender.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"

static int duplicate(const void *sender, int fd)
{
	const struct call *c = sender;
	int copy = process_descriptor(c->process, c->tid, fd);

	/* The warden's own table is full. Source: sendmsg(2) has no EMFILE. */
	return copy == -EMFILE || copy == -ENFILE ? -ENOBUFS : copy;
}

/* Real, effective and saved, in this order. Source: proc_pid_status(5). */
static bool is_one_of(const char *line, uint32_t id)
{
	for (unsigned i = 0; line && i < 3; i++) {
		char *end;
		if (strtoul(line, &end, 10) == id)
			return true;
		line = end;
	}
	return false;
}

static int check(const void *sender, const struct ucred *credentials)
{
	const struct call *c = sender;
	char status[4096];

	if (!status_read(c->tid, status, sizeof status))
		return -ESRCH;
	bool own = (uint32_t)credentials->pid == c->process->pid &&
		   is_one_of(status_field(status, "\nUid:\t"), credentials->uid) &&
		   is_one_of(status_field(status, "\nGid:\t"), credentials->gid);
	return own ? 0 : -EPERM;
}

int sender_ancillary(const struct call *c, uint64_t address, size_t length, int domain, struct ancillary *out)
{
	const struct ancillary_sender from = { .duplicate = duplicate, .check = check, .sender = c };

	*out = (struct ancillary){ 0 };
	if (length > ANCILLARY_MAX)
		return -ENOBUFS;
	char *list = malloc(length + 1);
	if (!list)
		return -ENOBUFS;
	int error = memory_read(c->tid, address, list, length);
	if (!error)
		error = ancillary_rewrite(list, length, domain, &from, out);
	free(list);
	return error;
}

void sender_signal_pipe(const struct call *c)
{
	if (call_is_alive(c->id))
		syscall(SYS_tgkill, c->process->tgid, c->tid, SIGPIPE);
}
