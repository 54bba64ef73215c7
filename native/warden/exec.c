/* execve and execveat. The kernel itself must do these, from memory the agent can still change; so the program is
 * judged first, and what really started is compared with it before its first instruction: the calling thread is seized
 * with ptrace, let go, and stops either in PTRACE_EVENT_EXEC or, when execve failed, on its way back to user space. A
 * mismatch is killed.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "content.h"
#include "handlers.h"
#include "loader.h"
#include "program.h"
#include "script.h"

#define INTERPRETERS_MAX 4 /* BINPRM_MAX_RECURSION, exec.c */

static int check_executable(const struct object *o)
{
	struct statfs fs;

	if (o->fd < 0)
		return -ENOENT;
	if (!S_ISREG(o->stat.st_mode))
		return S_ISLNK(o->stat.st_mode) ? -ELOOP : -EACCES;
	/* Memory or a deleted file has no path that a policy could name. */
	if (o->unnamed || fstatfs(o->fd, &fs))
		return -EACCES;
	if (syscall(SYS_faccessat2, AT_FDCWD, object_handle(o->fd).path, X_OK, AT_EACCESS))
		return -errno;
	return 0;
}

/* The interpreter a script names, or "" for a binary. -ENOEXEC for what the kernel's own loaders do not know. */
static int read_interpreter(const struct object *o, char interpreter[static SCRIPT_HEAD])
{
	char head[SCRIPT_HEAD] = "";
	int fd = open(object_handle(o->fd).path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*interpreter = '\0';
	if (fd < 0)
		return errno == EACCES ? 0 : -errno; /* executable but not readable: a binary, or the kernel refuses */
	ssize_t n = pread(fd, head, sizeof head, 0);
	close(fd);
	return n < 0 ? -errno : script_interpreter(head, interpreter);
}

/* A binary's content, when it is asked for. A script has none that the kernel would hold still; but what is neither a
 * script nor can be read must not pass as one. 0 or -errno. */
static int read_content(const struct object *o, struct program *p, bool *known)
{
	*known = false;
	if (!content_required())
		return 0;
	int error = content_digest(object_handle(o->fd).path, getuid(), p->digest);
	*known = !error;
	return error;
}

static bool judge(const struct call *c, const struct object *o, const struct program *p, bool hashed,
		  struct operation *op)
{
	*op = (struct operation){
		.kind = WIRE_OP_EXEC,
		.actions = 1,
		.path = o->path,
		.length = o->length,
		.path2 = p->argv,
		.length2 = p->argv_length,
		.sha256 = hashed ? p->digest : NULL,
	};
	return call_judge(c, op, TABLE_EXEC);
}

/* Of a program that may run by the policy, and by no other rule. */
static int refuse_builtin(const struct call *c, const struct object *o)
{
	struct operation op = { .kind = WIRE_OP_EXEC, .actions = 1, .path = o->path, .length = o->length };

	op.judgement = decide_refusal(op.actions);
	call_record(c, &op, EACCES);
	return -EACCES;
}

/* Judges one file; what it then leads to is `interpreter`, "" for a binary. 0 or -errno; a denial is recorded here. */
static int judge_file(const struct call *c, const struct object *o, struct program *p, struct operation *op,
		      char interpreter[static SCRIPT_HEAD])
{
	bool hashed = false;
	int error = read_interpreter(o, interpreter);

	if (!error && !*interpreter && read_content(o, p, &hashed))
		return refuse_builtin(c, o);
	if (!judge(c, o, p, hashed, op)) {
		call_record(c, op, EACCES);
		return -EACCES;
	}
	program_take_image(c, p, o, hashed, program_is_loader(object_handle(o->fd).path));
	if (!error && !*interpreter)
		loader_ask(c, o);
	return call_is_aside(c) ? -EACCES : error;
}

/* Judges the named file and every interpreter; fills the image that must run. 0 or -errno. */
static int judge_program(const struct call *c, struct program *p, struct operation *named)
{
	struct object interpreter;
	struct operation op;
	char path[SCRIPT_HEAD];
	int error = judge_file(c, &p->object, p, named, path);

	for (unsigned depth = 0; !error && *path; depth++) {
		if (depth == INTERPRETERS_MAX)
			return -ELOOP;
		error = resolve(c, AT_FDCWD, path, 0, &interpreter);
		if (error)
			break;
		error = check_executable(&interpreter);
		if (!error)
			error = judge_file(c, &interpreter, p, &op, path);
		object_close(&interpreter);
	}
	return error;
}

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
static void supervise(const struct call *c, const struct program *p, struct operation *op, bool check_argv)
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
			bool permitted = program_runs(pid, p) && (!check_argv || program_has_arguments(pid, p)) &&
					 loader_is_permitted(c, pid);
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

static void execute(const struct call *c, const struct program *p, struct operation *op, bool check_argv)
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
	supervise(c, p, op, check_argv);
}

void handle_exec(const struct call *c)
{
	static __thread struct program p;
	struct operation op;
	char path[PATH_MAX];
	bool at = c->number == SYS_execveat;
	int flags = at ? argument_int(c, 4) : 0;
	int error = flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) ? -EINVAL : 0;

	if (!error) {
		ssize_t n = argument_path(c, at ? 1 : 0, path);
		error = n < 0 ? (int)n : program_read_argv(c, c->arguments[at ? 2 : 1], &p);
	}
	if (!error && !call_is_alive(c->id))
		return;
	if (!error)
		error = resolve(c, at ? argument_int(c, 0) : AT_FDCWD, path,
				(flags & AT_EMPTY_PATH ? RESOLVE_EMPTY : 0) |
					(flags & AT_SYMLINK_NOFOLLOW ? RESOLVE_LINK : 0),
				&p.object);
	if (error) {
		call_fail(c, -error);
		return;
	}
	error = check_executable(&p.object);
	if (error == -EACCES && p.object.unnamed)
		error = refuse_builtin(c, &p.object);
	bool hashed = content_required();
	if (!error)
		error = judge_program(c, &p, &op);
	/* A table that asks for content came into force meanwhile, and may have judged without it. */
	if (!error && !hashed && content_required())
		error = judge_program(c, &p, &op);
	/* A verdict may rest on arguments, but not on a part of them. */
	if (!error && op.judgement.asked && p.argv_cut)
		error = refuse_builtin(c, &p.object);
	/* Where the line of descent cannot be told, no rule about it could be kept. */
	if (!error && !p.line)
		error = refuse_builtin(c, &p.object);
	if (error) {
		call_fail(c, -error);
	} else {
		program_name_script(c, path, &p);
		execute(c, &p, &op, op.judgement.asked || (program_is_script(&p) && !p.argv_cut));
	}
	object_close(&p.object);
}
