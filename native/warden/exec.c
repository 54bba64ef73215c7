/* execve and execveat. The kernel itself must do these, from memory the agent can still change; so the program is
 * judged first, and what really started is compared with it (execute.h).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "content.h"
#include "execute.h"
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

/* Who is to be a server is asked about once it may run; which server it is rests on the arguments, and on the program
 * that starts it: the last one that was executed, so that a fork is told from what it has executed since. 0 or -errno.
 */
static int serve(const struct call *c, struct program *p, struct terms *terms)
{
	struct operation op = {
		.kind = WIRE_OP_SERVE,
		.actions = 1,
		.path = p->object.path,
		.length = p->object.length,
		.path2 = p->argv,
		.length2 = p->argv_length,
	};
	struct call starter = *c;
	uint32_t server;

	if (p->argv_cut || !c->process)
		return 0;
	starter.line = c->process->executed;
	int error = interpose(&starter, &op, &terms->streams, &server);
	if (error || !server)
		return error;
	terms->arguments = true;
	p->line = line_with_server(p->line, server);
	return p->line ? 0 : -EACCES;
}

void handle_exec(const struct call *c)
{
	static __thread struct program p;
	struct operation op;
	struct terms terms = { 0 };
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
	if (!error) {
		terms.arguments = op.judgement.asked || (program_is_script(&p) && !p.argv_cut);
		error = serve(c, &p, &terms);
	}
	if (error) {
		call_fail(c, -error);
	} else {
		program_name_script(c, path, &p);
		execute(c, &p, &op, &terms);
	}
	object_close(&p.object);
}
