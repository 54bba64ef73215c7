/* Carrying an execve out: the calling thread is seized with ptrace, let go, and stops either in PTRACE_EVENT_EXEC or,
 * when execve failed, on its way back to user space. What really started is compared with what was judged before its
 * first instruction; a mismatch is killed.
 */
#ifndef WARDEN_EXECUTE_H
#define WARDEN_EXECUTE_H

#include "interpose.h"
#include "program.h"

/* What must be true of a process that executed `p`. */
struct terms {
	bool arguments; /* they were part of the verdict */
	struct interposed streams;
};

/* Answers the call, and records what came of it. */
void execute(const struct call *c, const struct program *p, struct operation *op, const struct terms *terms);

#endif
