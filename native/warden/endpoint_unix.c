/* Unix sockets with a path: the socket file is resolved and judged like any other, then reached through the descriptor
 * held. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "endpoint.h"
#include "resolve.h"

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

/* Connecting to a socket file is writing to it. Source: unix(7). */
int endpoint_connect_path(const struct call *c, struct endpoint *e)
{
	char path[128];
	struct object o;

	unix_path(e, path);
	int error = resolve(c, AT_FDCWD, path, 0, &o);
	if (error)
		return error;
	struct operation op = { .kind = WIRE_OP_CONNECT, .actions = WIRE_WRITE, .path = o.path, .length = o.length };
	if (!S_ISSOCK(o.stat.st_mode)) {
		error = -ECONNREFUSED;
	} else if (o.unnamed || !call_judge(c, &op, TABLE_FILE)) {
		error = -EACCES;
	} else {
		pin_path(e, object_handle(o.fd).path);
		error = connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	}
	if (op.judgement.epoch)
		call_record(c, &op, error == -EINPROGRESS ? 0 : -error);
	object_close(&o);
	return error;
}

int endpoint_bind_path(const struct call *c, struct endpoint *e)
{
	char path[128], pinned[sizeof e->address.un.sun_path];
	struct object o;

	unix_path(e, path);
	int error = resolve(c, AT_FDCWD, path, RESOLVE_PARENT | RESOLVE_LINK, &o);
	if (error)
		return error;
	struct operation op = { .kind = WIRE_OP_BIND, .actions = WIRE_CREATE, .path = o.path, .length = o.length };
	int n = snprintf(pinned, sizeof pinned, "/proc/self/fd/%d/%s", o.parent, o.name);
	if (o.parent < 0 || o.fd >= 0) {
		error = -EADDRINUSE;
	} else if (n >= (int)sizeof pinned) {
		error = -ENAMETOOLONG;
	} else if (!call_judge(c, &op, TABLE_FILE)) {
		error = -EACCES;
	} else {
		/* The socket file takes the socket's own mode; the umask here is shared by all threads. Source:
		 * unix_bind(), af_unix.c. */
		fchmod(e->socket, 0777 & ~process_umask(c->tid));
		pin_path(e, pinned);
		error = bind(e->socket, &e->address.any, e->length) ? -errno : 0;
	}
	if (op.judgement.epoch)
		call_record(c, &op, -error);
	object_close(&o);
	return error;
}
