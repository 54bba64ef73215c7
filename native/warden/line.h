/* Lines of descent: which programs led to the one a process runs, whatever became of the processes that ran them. */
#ifndef WARDEN_LINE_H
#define WARDEN_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sha256.h"

/* A program, and the line it came from. Two processes of the same server with the same program and the same different
 * programs before it, in order of their first appearance, share one. Lives as long as this process. */
struct line {
	uint32_t id;		 /* from 1 on */
	const struct line *up;	 /* NULL: the agent itself */
	const struct line *twin; /* next in the same bucket */
	uint32_t depth;
	bool has_digest; /* of the content of `exe`, as it runs */
	bool is_loader;	 /* `exe` runs other programs: a dynamic loader */
	uint32_t server; /* of the manager's numbers, that it is or descends from; 0: none */
	uint8_t digest[SHA256_BYTES];
	uint64_t program; /* its class under a table, for decide.c alone */
	uint32_t length;
	char exe[]; /* canonical, as it was judged: a later rename changes nothing */
};

/* Where every line begins: `pid` is leash-entry, before it becomes the agent. 0; -ERANGE: the hard limit that must hold
 * the number is too low; or -errno. */
int line_begin(pid_t pid);

struct executable {
	const char *path;
	uint32_t length;
	const uint8_t *digest; /* of its content; NULL when it is not known */
	bool is_loader;
};

/* The line of what a program of `l` executes. NULL when it would be too long, when there are too many, or for NULL. */
const struct line *line_next(const struct line *l, const struct executable *e);

/* The line of what a program of `l` forks. */
const struct line *line_fork(const struct line *l);

/* The same line, with the content of its program known. */
const struct line *line_with_digest(const struct line *l, const uint8_t digest[static SHA256_BYTES]);

/* The same line, and what comes of it, as `server`. NULL when there are too many. */
const struct line *line_with_server(const struct line *l, uint32_t server);

/* The line of the last program that thread `tid` or an ancestor of it, before it was born, executed. NULL: none, it is
 * not of this sandbox. */
const struct line *line_executed(pid_t tid);

/* Process `pid`, held before its first instruction, now runs the program of `l`. 0 or -errno. */
int line_set_executed(pid_t pid, const struct line *l);

#endif
