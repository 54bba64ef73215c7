/* An execve that was judged is let go, and held again before the first instruction of what it led to. */
#define _GNU_SOURCE
#include "execute.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "loader.h"

/* What the failed execve is about to return. Source: ptrace(2), PTRACE_GETREGSET. */
static int returned_error(pid_t pid)
{
	struct user_regs_struct registers;
	struct iovec part = { &registers, sizeof registers };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &part))
		return EINTR;
#if defined(__x86_64__)
	long long value = (long long)registers.rax;
#else
	long long value = (long long)registers.regs[0];
#endif
	return value < 0 && value > -4096 ? (int)-value : EINTR;
}

static void await_end(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, __WALL | __WNOTHREAD) == pid && !WIFEXITED(status) && !WIFSIGNALED(status))
		;
}

/* Who was killed in its stop, by a signal or by the execve of another of its threads, cannot be let go any more. It
 * must be waited for: its parent, or that execve, waits until it is gone for its tracer. Source: ptrace(2), "Death
 * under ptrace". */
static void let_go(pid_t pid)
{
	if (ptrace(PTRACE_DETACH, pid, 0, 0) && errno == ESRCH)
		await_end(pid);
}

static void refuse_image(pid_t pid, const struct call *c, struct operation *op)
{
	kill(pid, SIGKILL);
	await_end(pid);
	op->judgement.denied = 1;
	op->judgement.flags |= WIRE_FLAG_BUILTIN;
	call_record(c, op, EACCES);
}

/* Waits for the seized thread to reach its new program, or to come back from a failed execve; records which. */
static void supervise(const struct call *c, const struct program *p, struct operation *op, const struct terms *terms)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL | __WNOTHREAD);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0 || WIFEXITED(status) || WIFSIGNALED(status)) {
			call_record(c, op, EINTR); /* killed on the way */
			return;
		}
		unsigned event = (unsigned)status >> 16;
		if (event == PTRACE_EVENT_EXEC) {
			bool permitted = program_runs(pid, p) && (!terms->arguments || program_has_arguments(pid, p)) &&
					 interposed_stands(pid, &terms->streams) && loader_is_permitted(c, pid);
			struct process *process = permitted ? process_executed(pid, p->line) : NULL;
			if (!process) {
				refuse_image(pid, c, op);
				return;
			}
			call_record(c, op, 0);
			process_announce(process);
			process_put(process);
			let_go(pid);
			return;
		}
		if (event == PTRACE_EVENT_STOP) {
			call_record(c, op, returned_error(pid));
			let_go(pid);
			return;
		}
		ptrace(PTRACE_CONT, pid, 0, WSTOPSIG(status));
	}
}

void execute(const struct call *c, const struct program *p, struct operation *op, const struct terms *terms)
{
	call_may_block();
	/* EXITKILL: if this process dies now, the program must not start unseen. */
	if (ptrace(PTRACE_SEIZE, c->tid, 0, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) {
		if (!call_is_alive(c->id)) {
			call_record(c, op, EINTR); /* killed meanwhile: there is nobody to refuse */
			return;
		}
		op->judgement.denied = 1;
		op->judgement.flags |= WIRE_FLAG_BUILTIN;
		call_record(c, op, EPERM);
		call_fail(c, EPERM);
		return;
	}
	/* The stop is taken on the way to user space: after a failed execve, or after the new program is set up. */
	ptrace(PTRACE_INTERRUPT, c->tid, 0, 0);
	call_continue(c);
	supervise(c, p, op, terms);
}
