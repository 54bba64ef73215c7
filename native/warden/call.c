/* Answers, records and questions of one intercepted system call. */
#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "question.h"
#include "records.h"

static int listener = -1;

void call_open_listener(int fd)
{
	listener = fd;
}

bool call_is_alive(uint64_t id)
{
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static void answer(const struct call *c, int64_t value, int error, uint32_t flags)
{
	struct seccomp_notif_resp response = { .id = c->id, .val = value, .error = -error, .flags = flags };

	if (call_is_aside(c))
		return;
	/* ENOENT: the thread died meanwhile, nobody waits for the answer. */
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

void call_fail(const struct call *c, int error)
{
	answer(c, 0, error, 0);
}

void call_return(const struct call *c, int64_t value)
{
	answer(c, value, 0, 0);
}

void call_continue(const struct call *c)
{
	answer(c, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

int call_return_fd(const struct call *c, int fd, bool close_on_exec, bool alone)
{
	struct seccomp_notif_addfd add = {
		.id = c->id,
		.srcfd = (uint32_t)fd,
		.flags = alone ? 0 : SECCOMP_ADDFD_FLAG_SEND,
		.newfd_flags = close_on_exec ? 02000000 : 0, /* O_CLOEXEC */
	};
	int installed = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
	int error = installed >= 0 ? 0 : errno == ENOENT ? EINTR : errno;

	close(fd);
	if (error)
		call_fail(c, error);
	else if (alone)
		call_return(c, installed);
	return error;
}

int call_replace_descriptor(const struct call *c, int number, int fd)
{
	struct seccomp_notif_addfd add = {
		.id = c->id,
		.srcfd = (uint32_t)fd,
		.newfd = (uint32_t)number,
		.flags = SECCOMP_ADDFD_FLAG_SETFD,
	};

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 ? -errno : 0;
}

static struct wire_event describe(const struct call *c, const struct operation *o, int error)
{
	struct wire_event e = {
		.time_ns = c->time_ns,
		.id = o->judgement.asked ? c->id : 0,
		.pid = c->process ? c->process->pid : 0,
		.epoch = o->judgement.epoch,
		.operation = (uint16_t)o->kind,
		.actions = o->actions,
		.denied = o->judgement.denied,
		.verdict = o->judgement.denied ? WIRE_DENY : WIRE_ALLOW,
		.flags = o->judgement.flags,
		.error = error,
		.path_length = o->length,
		.path2_length = o->length2,
		.port = o->port,
		.family = o->family,
		.protocol = o->protocol,
	};

	e.line = c->line ? c->line->id : 0;
	if (o->sha256)
		memcpy(e.sha256, o->sha256, sizeof e.sha256);
	memcpy(e.address, o->address, sizeof e.address);
	return e;
}

/* The manager's word on `o`; WIRE_REFUSE when none can be had. */
static enum wire_word ask(const struct call *c, struct operation *o, struct wire_answer *answer)
{
	call_may_block();
	struct question *q = question_open(c);

	o->judgement.asked = true;
	if (!q)
		return WIRE_REFUSE;
	struct wire_event e = describe(c, o, 0);
	struct part parts[] = { { &e, sizeof e }, { o->path, o->length }, { o->path2, o->length2 } };
	records_send_now(WIRE_QUERY, parts, 3);
	return question_await(q, answer);
}

bool call_ask(const struct call *c, struct operation *o)
{
	struct wire_answer answer = { .epoch = o->judgement.epoch };

	if (call_is_aside(c))
		return false;
	enum wire_word word = ask(c, o, &answer);
	o->judgement.epoch = answer.epoch;
	o->judgement.open = 0;
	if (word == WIRE_HOLD && c->aside)
		*c->aside = true;
	return word == WIRE_GO_ON;
}

int64_t call_ask_server(const struct call *c, struct operation *o)
{
	struct wire_answer answer = { 0 };

	switch (ask(c, o, &answer)) {
	case WIRE_GO_ON:
		return 0;
	case WIRE_INTERPOSE:
		return answer.server;
	default:
		return -EACCES;
	}
}

bool call_judge(const struct call *c, struct operation *o, enum table_class_id class)
{
	o->judgement = decide_path(class, o->actions, o->path, o->length, c->line);
	if (o->judgement.open && (!o->judgement.denied || o->judgement.observe)) {
		uint16_t open = o->judgement.open;
		if (!call_ask(c, o))
			o->judgement.denied |= open;
	}
	if (!o->judgement.denied)
		return true;
	if (!o->judgement.observe)
		return false;
	o->judgement.flags |= WIRE_FLAG_OBSERVED;
	return true;
}

void call_record(const struct call *c, const struct operation *o, int error)
{
	struct wire_event e = describe(c, o, error);
	struct part parts[] = { { &e, sizeof e }, { o->path, o->length }, { o->path2, o->length2 } };

	if (call_is_aside(c))
		return;
	if (o->judgement.denied)
		records_send_now(WIRE_EVENT, parts, 3);
	else
		records_send(WIRE_EVENT, parts, 3);
}

void call_refuse(const struct call *c, enum wire_operation kind, const char *what, int error)
{
	struct operation o = {
		.kind = kind,
		.actions = 1,
		.path = what,
		.length = (uint32_t)strlen(what),
		.judgement = decide_refusal(1),
	};

	call_record(c, &o, error);
	call_fail(c, error);
}
