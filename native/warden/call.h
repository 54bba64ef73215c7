/* One intercepted system call: its answers, its record, and the manager's word on it. */
#ifndef WARDEN_CALL_H
#define WARDEN_CALL_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

#include "decide.h"
#include "process.h"
#include "wire.h"

struct call {
	uint64_t id;
	uint64_t
		time_ns; /* CLOCK_REALTIME, before it is answered: its record is made when the agent may have gone on */
	pid_t tid;	 /* as the host sees it */
	int number;
	uint64_t arguments[6];
	struct process *process;
	const struct line *line; /* of what the process ran when it made the call; NULL: unknown */
	bool *aside;		 /* set when the call is held for a person; NULL: it cannot be held any more */
};

/* A held call is laid aside: its handler comes back as if refused, but nothing is answered or recorded. When the
 * person has spoken it is begun again from its arguments, so nothing is trusted that was read before. Source:
 * question.h. */
static inline bool call_is_aside(const struct call *c)
{
	return c->aside && *c->aside;
}

void call_open_listener(int fd);

/* The kernel still waits for this call's answer: its thread lives and was not interrupted. Source: seccomp_unotify(2),
 * NOTIF_ID_VALID. */
bool call_is_alive(uint64_t id);

void call_fail(const struct call *c, int error);
void call_return(const struct call *c, int64_t value);

/* Only for calls whose arguments were frozen, or whose outcome does not depend on the agent's memory. */
void call_continue(const struct call *c);

/* Installs `fd` as the call's result and closes it here: before the agent goes on when it must hold the only one
 * (`alone`). 0 or the errno the agent received. Source: SECCOMP_IOCTL_NOTIF_ADDFD, seccomp_unotify(2). */
int call_return_fd(const struct call *c, int fd, bool close_on_exec, bool alone);

/* What is about to happen, for the record. `path` is canonical. */
struct operation {
	enum wire_operation kind;
	uint16_t actions;
	const char *path, *path2;
	uint32_t length, length2;
	struct judgement judgement;
	const uint8_t *sha256; /* exec: of the content that is to run; NULL when it is not known */
	uint16_t port;
	uint8_t family, protocol;
	uint8_t address[16];
};

/* Judges the operation by table, and by the manager for what stays open. True: go on. On false the agent must get
 * EACCES. */
bool call_judge(const struct call *c, struct operation *o, enum table_class_id class);

/* Asks the manager alone (connections). */
bool call_ask(const struct call *c, struct operation *o);

/* The number of the server that the program of `o` is to be, by the manager; 0: of none; -EACCES: it must not run. */
int64_t call_ask_server(const struct call *c, struct operation *o);

/* Descriptor `number` of the calling thread becomes a duplicate of `fd`. 0 or -errno. Source: as call_return_fd. */
int call_replace_descriptor(const struct call *c, int number, int fd);

/* Records the operation and what the agent received (errno, 0 on success). */
void call_record(const struct call *c, const struct operation *o, int error);

/* Records a refusal that no policy can change, and answers the agent with `error`. */
void call_refuse(const struct call *c, enum wire_operation kind, const char *what, int error);

/* A worker is about to wait: makes sure that another one listens. */
void call_may_block(void);

#endif
