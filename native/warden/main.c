/* leash-warden: stands outside the sandbox, starts it, and answers the system calls of everything in it.
 *
 *   leash-warden [--dial] [--group FILE]… [--memory BYTES] [--door PATH --program FILE --environment FD
 *                [--terminal yes]]
 *                [--led-terminal FD:ROWS:COLUMNS | --led-output FD] -- BACKEND ARGUMENTS…
 *                                       descriptor 3: the manager (wire.h); NODE_CHANNEL_FD: Node's IPC channel;
 *                                       --group: cgroup.procs of a group for the sandbox; --memory: what it may use,
 *                                       where no group holds that; --dial: ports are published (dialogue.h);
 *                                       --door and what follows: see door.h; --led-…: commands.h
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
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "commands.h"
#include "control.h"
#include "dialer.h"
#include "door.h"
#include "first_process.h"
#include "footprint.h"
#include "groups.h"
#include "interpose.h"
#include "interrupt.h"
#include "notify.h"
#include "options.h"
#include "probe.h"
#include "process.h"
#include "question.h"
#include "records.h"
#include "relay.h"
#include "sandbox.h"
#include "starter.h"
#include "umask.h"
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

/* Whoever is orphaned is a child of process 1. In a container the manager may be process 1 itself: it made the socket.
 */
static bool is_orphan(void)
{
	struct ucred manager = { 0 };
	socklen_t size = sizeof manager;

	if (getppid() != 1)
		return false;
	return getsockopt(CONTROL_DESCRIPTOR, SOL_SOCKET, SO_PEERCRED, &manager, &size) || manager.pid != 1;
}

struct session {
	pid_t sandbox;
	int entry, channel, signals;
	bool entry_open, dials, is_awaited; /* the entry process has yet to come to the door */
	struct door door;
	uint64_t memory; /* 0: held elsewhere, or nowhere */
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
	while (s->entry_open && !s->is_awaited && poll(&last, 1, 0) > 0 && sandbox_message(s->entry, s->channel) > 0)
		;
	/* The engine's client may have ended alone. */
	door_end();
	first_process_await();
	notify_finish();
	relay_finish();
	commands_finish();
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
	if (dialer_pid() && waitpid(dialer_pid(), &status, WNOHANG) == dialer_pid()) {
		records_fault(WIRE_FAULT_SANDBOX, 0, "the process that reaches published ports ended");
		sandbox_kill(s->sandbox);
	}
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

/* A descriptor is held for each process of the sandbox, and several for each call. What it starts has the user's limit.
 */
static void take_descriptors(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* The manager holds credentials that the agent must not see: its memory goes into no core file. One byte also stops the
 * kernel from feeding it to a program; see entry/privileges.c. */
static void forbid_core_of_manager(void)
{
	const struct rlimit one = { 1, 1 };

	prlimit(getppid(), RLIMIT_CORE, &one, NULL);
}

/* From the agent's first instruction on. */
static void watch_memory(const struct session *s)
{
	int error = s->memory && sandbox_agent() ? footprint_watch(sandbox_agent(), s->sandbox, s->memory) : 0;

	if (!error || error == -ENOENT) /* it has ended already */
		return;
	records_fault(WIRE_FAULT_SANDBOX, -error, "the memory of the sandbox cannot be watched");
	sandbox_kill(s->sandbox);
}

/* Whoever speaks runs inside a sandbox that stands, each of whose processes dies with the one before it. Until then
 * this process must outlive the manager: sandbox_end() ends what does not. */
static void hear_entry(struct session *s)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (s->is_awaited) {
		s->is_awaited = false;
		if (door_answer(&s->door, &s->entry))
			sandbox_kill(s->sandbox);
		s->entry_open = s->entry >= 0;
	} else if (sandbox_message(s->entry, s->channel) <= 0) {
		s->entry_open = false;
		close(s->entry);
		control_begin_agent();
		watch_memory(s);
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
			{ .fd = starter_socket(), .events = POLLIN },
		};
		poll(p, 5, TICK_MS);
		interrupt_check();
		notify_check();
		question_check();
		commands_check();
		if (p[1].revents)
			read_signals(s);
		if (p[2].revents)
			process_reap();
		if (p[4].revents)
			commands_answer();
		if (p[3].revents)
			hear_entry(s);
		if (p[0].revents && control_read(CONTROL_DESCRIPTOR, s->entry) < 0) {
			sandbox_end(s->sandbox);
			records_drain();
			_exit(125);
		}
		reap(s);
	}
}

/* Forked before any thread exists. */
static pid_t start(struct session *s, char *const command[])
{
	struct sandbox_command c = { .argv = command, .is_detached = s->door.path && !s->door.has_terminal };

	s->is_awaited = s->door.path;
	if (!s->is_awaited)
		return sandbox_start(&c, &s->entry);
	sandbox_expect_user();
	int error = commands_lend(&s->door.led);
	s->entry = error ? error : door_open(&s->door);
	return s->entry < 0 ? s->entry : sandbox_start(&c, NULL);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--probe"))
		return probe();
	struct session s = { .channel = channel_take(), .entry_open = true };
	struct options options = { 0 };
	char **command = options_take(argv + 1, &options);
	int error;

	if (!command) {
		fputs("leash-warden is started by leash; see `leash --help`\n", stderr);
		return 125;
	}
	s.door = options.door;
	s.memory = options.memory;
	s.dials = options.dials;
	/* What an engine leaves behind is not waited for here, and the engine itself waits until somebody has. */
	prctl(PR_SET_CHILD_SUBREAPER, !s.door.path);
	fcntl(CONTROL_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
	int flags = fcntl(CONTROL_DESCRIPTOR, F_GETFL);
	if (flags < 0 || is_orphan())
		return 125;
	forbid_core_of_manager();
	fcntl(CONTROL_DESCRIPTOR, F_SETFL, flags & ~O_NONBLOCK);
	umask_take(); /* here it is 0: the agent's own is applied call by call */
	s.signals = block_signals();
	interrupt_open();
	terminal_save();
	/* Both are forked before any thread exists. */
	pid_t dialer = s.dials ? dialer_start(s.channel) : 0;
	s.sandbox = dialer < 0 ? dialer : start(&s, command);
	take_descriptors();
	records_open(CONTROL_DESCRIPTOR);
	interpose_open(s.channel);
	if (s.sandbox >= 0 && (error = commands_begin(s.channel))) {
		sandbox_end(s.sandbox);
		s.sandbox = error;
	}
	if (s.sandbox < 0) {
		records_fault(WIRE_FAULT_SANDBOX, (int)-s.sandbox, "the sandbox could not be started");
		records_drain();
		return 125;
	}
	if (s.door.path ? privileges_drop_later() : privileges_drop()) {
		records_fault(WIRE_FAULT_SANDBOX, errno, "privileges could not be dropped");
		records_drain();
		return 125;
	}
	serve(&s);
}
