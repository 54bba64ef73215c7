/* leash-warden: stands outside the sandbox, starts it, and answers the system calls of everything in it.
 *
 *   leash-warden -- BWRAP ARGUMENTS…    descriptor 3: the manager (wire.h); NODE_CHANNEL_FD: Node's IPC channel
 *   leash-warden --probe                prints what this kernel offers, as JSON
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "interrupt.h"
#include "notify.h"
#include "probe.h"
#include "process.h"
#include "records.h"
#include "sandbox.h"
#include "privileges.h"
#include "terminal.h"

#define CONTROL_DESCRIPTOR 3
#define TICK_MS 100
#define GOODBYE_MS 2000

static int block_signals(void)
{
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, SIGSEGV);
	sigdelset(&set, SIGBUS);
	sigdelset(&set, SIGFPE);
	sigdelset(&set, SIGILL);
	sigdelset(&set, SIGABRT);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigdelset(&set, SIGUSR1); /* interrupt.c */
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int take_channel(void)
{
	const char *text = getenv("NODE_CHANNEL_FD");
	int fd = text ? atoi(text) : -1;

	unsetenv("NODE_CHANNEL_FD");
	unsetenv("NODE_CHANNEL_SERIALIZATION_MODE");
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

struct session {
	pid_t sandbox;
	int entry, channel, signals;
	bool entry_open;
};

/* An order still on its way would fail there when this end closes, and what the manager has not read yet would be lost
 * with the connection. It closes when it has read the last record. */
static void await_manager(void)
{
	struct pollfd p = { .fd = CONTROL_DESCRIPTOR, .events = POLLIN };
	char order[512];

	while (poll(&p, 1, GOODBYE_MS) > 0 && recv(CONTROL_DESCRIPTOR, order, sizeof order, 0) > 0)
		;
}

static _Noreturn void finish(const struct session *s, int status)
{
	struct wire_exit record = { .status = sandbox_status(status) };
	struct part part = { &record, sizeof record };
	struct pollfd last = { .fd = s->entry, .events = POLLIN };

	terminal_restore();
	/* Why the entry failed may have arrived together with its end. */
	while (s->entry_open && poll(&last, 1, 0) > 0 && sandbox_message(s->entry, s->channel) > 0)
		;
	notify_finish();
	records_send_now(WIRE_EXIT, &part, 1);
	records_drain();
	await_manager();
	_exit(0);
}

static void reap(const struct session *s)
{
	int status;

	/* Only the sandbox: threads that supervise execve wait for their own tracees. */
	if (waitpid(s->sandbox, &status, WNOHANG) == s->sandbox)
		finish(s, status);
}

static void read_signals(const struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGCHLD)
			reap(s);
		else
			control_note_signal((int)info.ssi_signo, info.ssi_code == SI_KERNEL);
	}
}

static void serve(struct session *s)
{
	for (;;) {
		struct pollfd p[] = {
			{ .fd = CONTROL_DESCRIPTOR, .events = POLLIN },
			{ .fd = s->signals, .events = POLLIN },
			{ .fd = process_events(), .events = POLLIN },
			{ .fd = s->entry_open ? s->entry : -1, .events = POLLIN },
		};
		poll(p, 4, TICK_MS);
		interrupt_check();
		notify_check();
		if (p[1].revents)
			read_signals(s);
		if (p[2].revents)
			process_reap();
		if (p[3].revents && sandbox_message(s->entry, s->channel) <= 0) {
			s->entry_open = false;
			close(s->entry);
		}
		if (p[0].revents && control_read(CONTROL_DESCRIPTOR, s->entry) < 0) {
			kill(s->sandbox, SIGKILL);
			records_drain();
			_exit(125);
		}
		reap(s);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--probe"))
		return probe();
	if (argc < 3 || strcmp(argv[1], "--")) {
		fputs("leash-warden is started by leash; see `leash --help`\n", stderr);
		return 125;
	}
	struct session s = { .channel = take_channel(), .entry_open = true };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fcntl(CONTROL_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
	int flags = fcntl(CONTROL_DESCRIPTOR, F_GETFL);
	if (flags < 0 || getppid() == 1)
		return 125;
	fcntl(CONTROL_DESCRIPTOR, F_SETFL, flags & ~O_NONBLOCK);
	umask(0); /* the agent's own umask is applied call by call */
	s.signals = block_signals();
	interrupt_open();
	terminal_save();
	/* Forked before any thread exists. */
	s.sandbox = sandbox_start(argv + 2, &s.entry);
	records_open(CONTROL_DESCRIPTOR);
	if (s.sandbox < 0) {
		records_fault(WIRE_FAULT_SANDBOX, (int)-s.sandbox, "the sandbox could not be started");
		records_drain();
		return 125;
	}
	if (privileges_drop()) {
		records_fault(WIRE_FAULT_SANDBOX, errno, "privileges could not be dropped");
		records_drain();
		return 125;
	}
	serve(&s);
}
