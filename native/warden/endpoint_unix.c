/* Unix sockets with a path: the socket file is resolved and judged like any other, then reached through the descriptor
 * held. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bound_names.h"
#include "endpoint.h"
#include "patience.h"
#include "resolve.h"

int endpoint_check_unix(const struct endpoint *e)
{
	return e->address.any.sa_family != AF_UNIX || e->length <= offsetof(struct sockaddr_un, sun_path) ||
			       e->length > sizeof e->address.un
		       ? -EINVAL
		       : 0;
}

bool endpoint_is_abstract(const struct endpoint *e)
{
	return e->length <= offsetof(struct sockaddr_un, sun_path) || e->address.un.sun_path[0] == '\0';
}

static void unix_path(const struct endpoint *e, char path[static 128])
{
	size_t n = e->length - offsetof(struct sockaddr_un, sun_path);

	memcpy(path, e->address.un.sun_path, n);
	path[n] = '\0';
}

/* Replaces the path of a unix address by one that names exactly the object held. */
static void pin_path(struct endpoint *e, const char *path)
{
	snprintf(e->address.un.sun_path, sizeof e->address.un.sun_path, "%s", path);
	e->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1);
}

int endpoint_pin_target(const struct call *c, struct endpoint *e, struct operation *op, struct object *o)
{
	char path[128], bound[PATH_MAX];

	unix_path(e, path);
	int error = resolve(c, AT_FDCWD, path, 0, o);
	if (error && bound_names_find(path, bound))
		error = resolve(c, AT_FDCWD, bound, 0, o);
	if (error)
		return error;
	op->actions = WIRE_WRITE;
	op->path = o->path;
	op->length = o->length;
	if (!S_ISSOCK(o->stat.st_mode)) {
		object_close(o);
		return -ECONNREFUSED;
	}
	if (o->unnamed || !call_judge(c, op, TABLE_FILE))
		return -EACCES;
	pin_path(e, object_handle(o->fd).path);
	return 0;
}

/* Connecting to a socket file is writing to it. Source: unix(7). */
int endpoint_connect_path(const struct call *c, struct endpoint *e)
{
	struct operation op = { .kind = WIRE_OP_CONNECT };
	struct object o;
	int error = endpoint_pin_target(c, e, &op, &o);

	if (error && error != -EACCES)
		return error;
	if (!error)
		error = patient_connect(c, e);
	if (op.judgement.epoch)
		call_record(c, &op, error == -EINPROGRESS ? 0 : -error);
	object_close(&o);
	return error;
}

/* Creates the socket file in the directory held. */
static int bind_held(const struct call *c, struct endpoint *e, const struct object *o)
{
	char pinned[sizeof e->address.un.sun_path];
	int directory = bound_names_descriptor(o->parent);
	int n = snprintf(pinned, sizeof pinned, "/proc/self/fd/%d/%s", directory, o->name);
	int error = directory < 0 ? -ENOBUFS : n >= (int)sizeof pinned ? -ENAMETOOLONG : 0;

	if (!error) {
		/* The socket file takes the socket's own mode; the umask here is shared by all threads. Source:
		 * unix_bind(), af_unix.c. */
		fchmod(e->socket, 0777 & ~process_umask(c->tid));
		pin_path(e, pinned);
		error = bind(e->socket, &e->address.any, e->length) ? -errno : 0;
	}
	if (!error && e->type == SOCK_DGRAM)
		bound_names_keep(pinned, o->path);
	if (directory >= 0)
		close(directory);
	return error;
}

int endpoint_bind_path(const struct call *c, struct endpoint *e)
{
	char path[128];
	struct object o;

	unix_path(e, path);
	int error = resolve(c, AT_FDCWD, path, RESOLVE_PARENT | RESOLVE_LINK, &o);
	if (error)
		return error;
	struct operation op = { .kind = WIRE_OP_BIND, .actions = WIRE_CREATE, .path = o.path, .length = o.length };
	if (o.parent < 0 || o.fd >= 0)
		error = -EADDRINUSE;
	else if (!call_judge(c, &op, TABLE_FILE))
		error = -EACCES;
	else
		error = bind_held(c, e, &o);
	if (op.judgement.epoch)
		call_record(c, &op, -error);
	object_close(&o);
	return error;
}
