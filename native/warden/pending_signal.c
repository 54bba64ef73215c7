/* The signal masks of /proc/TID/status in, the errno that makes the kernel deliver what is pending out. */
#define _GNU_SOURCE
#include "pending_signal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "status.h"

/* Not for user space: the kernel makes of it EINTR or a new begin. Source: include/linux/errno.h. */
#define ERESTARTSYS 512

static uint64_t mask(const char *status, const char *key)
{
	const char *text = status_field(status, key);

	return text ? strtoull(text, NULL, 16) : 0;
}

static pid_t number(const char *status, const char *key)
{
	const char *text = status_field(status, key);

	return text ? (pid_t)atoi(text) : 0;
}

/* ERESTARTSYS may be given only to a thread that the kernel has marked (TIF_SIGPENDING), or user space would see it.
 * Marked is who has a signal of its own, and for one sent to the process its first thread if that does not block it
 * (complete_signal(), kernel/signal.c). Another thread may be the one that was chosen: when the signal still waits at
 * the next look, nobody else takes it, and EINTR is true whoever is marked. */
int pending_signal_error(pid_t tid, bool *is_noticed)
{
	char status[8192];

	if (!status_read(tid, status, sizeof status))
		return 0;
	uint64_t taken = ~(mask(status, "\nSigBlk:\t") | mask(status, "\nSigIgn:\t"));
	if (mask(status, "\nSigPnd:\t") & taken)
		return ERESTARTSYS;
	if (!(mask(status, "\nShdPnd:\t") & taken)) {
		*is_noticed = false;
		return 0;
	}
	if (number(status, "\nTgid:\t") == tid)
		return ERESTARTSYS;
	bool was_noticed = *is_noticed;
	*is_noticed = true;
	return was_noticed ? EINTR : 0;
}
