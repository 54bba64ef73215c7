/* The agent's pid enters; a descriptor leaves that tells the end of its namespace, and is waited for (pidfd_open(2)).
 */
#define _GNU_SOURCE
#include "first_process.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "status.h"

#define PATIENCE_MS 5000

static int first = -1;

void first_process_hold(pid_t agent)
{
	char status[4096];
	const char *parent = status_read(agent, status, sizeof status) ? status_field(status, "\nPPid:") : NULL;
	pid_t pid = parent ? (pid_t)status_last_number(parent) : 0;

	if (pid > 1 && process_inner_tid(pid) == 1)
		first = (int)syscall(SYS_pidfd_open, pid, 0);
}

void first_process_await(void)
{
	struct pollfd p = { .fd = first, .events = POLLIN };

	poll(&p, 1, first < 0 ? 0 : PATIENCE_MS);
}
