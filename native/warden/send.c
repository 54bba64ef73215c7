/* sendto with an address, sendmsg and sendmmsg. On a datagram socket each message may name its receiver: it is copied,
 * judged, and sent here on a duplicate of the agent's socket. On other sockets the kernel ignores names, so it may go
 * on with the call, as long as the descriptor cannot come to stand for a datagram socket first (descriptor_table.c);
 * otherwise the message is sent here too, without a name. docs/decisions/0014-sockets.md has the reasons.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptor_table.h"
#include "handlers.h"
#include "memory.h"
#include "message.h"
#include "patience.h"
#include "resolve.h"
#include "room.h"
#include "sender.h"

/* A stream is copied in pieces; a message with borders must be whole. */
#define PIECE ((size_t)256 << 10)
#define WHOLE_MAX ((size_t)16 << 20)

struct sending {
	const struct call *call;
	struct endpoint endpoint; /* its address: the name of the message at hand */
	struct message message;
	struct operation operation;
	struct object target; /* the socket file held, when the operation has a path */
	int flags;
};

/* Is the name one to reach, one to leave out, or one that must not be? 0 or -errno. */
static int judge(struct sending *s)
{
	const struct call *c = s->call;
	struct endpoint *e = &s->endpoint;

	if (!e->length)
		return 0;
	if (e->foreign)
		return endpoint_refuse_foreign(c);
	if (e->domain == AF_NETLINK) {
		int error = endpoint_check_netlink(e);
		/* Named, it would be sent with the warden's capabilities alone. Source: netlink_ns_capable(),
		 * NETLINK_SKB_DST. */
		e->length = 0;
		return error;
	}
	if (!endpoint_is_datagram(e)) {
		/* The kernel has its own word for a name on a unix stream, and none on the others. */
		e->length = e->domain == AF_UNIX && e->type == SOCK_STREAM ? sizeof(sa_family_t) : 0;
		return 0;
	}
	if (e->domain == AF_UNIX) {
		int error = endpoint_check_unix(e);
		return error || endpoint_is_abstract(e) ? error : endpoint_pin_target(c, e, &s->operation, &s->target);
	}
	/* Source: udp_sendmsg(), udpv6_sendmsg(). */
	if (e->address.any.sa_family == AF_UNSPEC && e->domain == AF_INET6) {
		e->length = 0;
		return 0;
	}
	if (e->address.any.sa_family == AF_UNSPEC)
		e->address.any.sa_family = AF_INET;
	return endpoint_judge_internet(c, e, &s->operation);
}

/* Most bytes of a message that is sent as a whole. Source: udp_sendmsg(), unix_dgram_sendmsg(), netlink_sendmsg(). */
static size_t longest(const struct endpoint *e)
{
	int buffer = 0;
	socklen_t size = sizeof buffer;

	if (e->domain == AF_INET || e->domain == AF_INET6)
		return 65535;
	getsockopt(e->socket, SOL_SOCKET, SO_SNDBUF, &buffer, &size);
	size_t most = buffer > 32 ? (size_t)buffer - 32 : 0;
	return most < WHOLE_MAX ? most : WHOLE_MAX;
}

static ssize_t send_whole(struct sending *s, struct msghdr *h)
{
	size_t length = s->message.length;

	if (length > longest(&s->endpoint))
		return -EMSGSIZE;
	struct room room = room_take(length + 1, s->flags & MSG_ZEROCOPY);
	if (!room.bytes)
		return -ENOBUFS;
	struct iovec part = { room.bytes, length };
	h->msg_iov = &part;
	h->msg_iovlen = 1;
	ssize_t n = message_take(s->call, &s->message, room.bytes, length);
	if (!n)
		n = call_is_alive(s->call->id) ? patient_send(s->call, &s->endpoint, h, s->flags) : -ESRCH;
	room_give(&room);
	return n;
}

/* One piece. Bytes sent, fewer only when no more can be; or -errno. */
static ssize_t send_piece(struct sending *s, struct msghdr *h, char *data, size_t length)
{
	/* What concerns the end of the data waits for the last piece. */
	int flags = s->message.length ? s->flags & ~(MSG_OOB | MSG_EOR) : s->flags;
	size_t sent = 0;

	do {
		struct iovec part = { data + sent, length - sent };
		h->msg_iov = &part;
		h->msg_iovlen = 1;
		ssize_t n = patient_send(s->call, &s->endpoint, h, flags);
		if (n <= 0)
			return sent ? (ssize_t)sent : n;
		sent += (size_t)n;
		h->msg_controllen = 0; /* it went with the first byte */
	} while (sent < length);
	return (ssize_t)sent;
}

static ssize_t send_stream(struct sending *s, struct msghdr *h)
{
	struct room room =
		room_take(s->message.length < PIECE ? s->message.length + 1 : PIECE, s->flags & MSG_ZEROCOPY);
	size_t sent = 0;
	ssize_t n = 0;

	if (!room.bytes)
		return -ENOBUFS;
	do {
		size_t length = s->message.length < room.size ? s->message.length : room.size;
		n = message_take(s->call, &s->message, room.bytes, length);
		if (!n)
			n = call_is_alive(s->call->id) ? send_piece(s, h, room.bytes, length) : -ESRCH;
		if (n < 0)
			break;
		sent += (size_t)n;
		if ((size_t)n < length || s->flags & MSG_ZEROCOPY)
			break;
	} while (s->message.length);
	room_give(&room);
	return sent ? (ssize_t)sent : n;
}

/* Judges, sends and records the message that was read. Bytes sent or -errno. */
static ssize_t send_message(struct sending *s)
{
	struct endpoint *e = &s->endpoint;
	struct ancillary ancillary = { 0 };

	object_clear(&s->target);
	s->operation = (struct operation){ .kind = WIRE_OP_SEND, .actions = 1 };
	e->address = s->message.name;
	e->length = s->message.name_length;
	ssize_t n = judge(s);
	if (!n && s->message.control_length)
		n = sender_ancillary(s->call, s->message.control, s->message.control_length, e->domain, &ancillary);
	if (!n) {
		struct msghdr h = {
			.msg_name = e->length ? &e->address : NULL,
			.msg_namelen = e->length,
			.msg_control = ancillary.bytes,
			.msg_controllen = ancillary.length,
		};
		if (s->operation.family)
			n = endpoint_announce(s->call, e, &s->operation);
		if (!n)
			n = e->type == SOCK_STREAM ? send_stream(s, &h) : send_whole(s, &h);
	}
	ancillary_close(&ancillary);
	if (s->operation.path && s->operation.judgement.epoch)
		call_record(s->call, &s->operation, n < 0 ? (int)-n : 0);
	object_close(&s->target);
	if (n == -EPIPE && e->type == SOCK_STREAM && !(s->flags & MSG_NOSIGNAL))
		sender_signal_pipe(s->call);
	return n;
}

/* The messages of sendmmsg(2): how many were sent, or the error of the first. */
static ssize_t send_messages(struct sending *s)
{
	const struct call *c = s->call;
	unsigned sent = 0, count = (unsigned)c->arguments[2];
	ssize_t n = 0;
	/* What was sent must not be sent again: from then on the call cannot be held, and ends where a person is asked.
	 */
	struct call begun = *c;

	begun.aside = NULL;

	for (count = count < IOV_MAX ? count : IOV_MAX; sent < count; sent++) {
		uint64_t at = c->arguments[1] + sent * sizeof(struct mmsghdr);
		n = message_read(c, at, &s->message);
		if (!n)
			n = send_message(s);
		if (n < 0)
			break;
		unsigned length = (unsigned)n;
		n = memory_write(c->tid, at + offsetof(struct mmsghdr, msg_len), &length, sizeof length);
		if (n < 0)
			break;
		s->call = &begun;
		if (s->message.length) {
			sent++;
			break;
		}
	}
	s->call = c;
	return sent ? sent : n;
}

static ssize_t perform(struct sending *s)
{
	const struct call *c = s->call;

	if (s->flags & MSG_FASTOPEN)
		return -EOPNOTSUPP;
	if (c->number == SYS_sendmmsg)
		return send_messages(s);
	int error = c->number == SYS_sendto ? message_of_sendto(c, &s->message)
					    : message_read(c, c->arguments[1], &s->message);
	if (error)
		return error;
	/* The address sendto(2) was given has no bytes. */
	if (c->number == SYS_sendto && !s->message.name_length && endpoint_is_datagram(&s->endpoint) &&
	    s->endpoint.domain != AF_UNIX)
		return -EINVAL;
	return send_message(s);
}

void handle_send(const struct call *c)
{
	struct sending *s = malloc(sizeof *s);

	if (!s) {
		call_fail(c, ENOBUFS);
		return;
	}
	s->call = c;
	s->flags = argument_int(c, c->number == SYS_sendmsg ? 2 : 3);
	ssize_t n = endpoint_take_socket(c, &s->endpoint);
	if (!n) {
		bool names_count = endpoint_is_datagram(&s->endpoint) || s->endpoint.foreign;
		if (!names_count && descriptor_table_is_own(c)) {
			close(s->endpoint.socket);
			free(s);
			if (call_is_alive(c->id))
				call_continue(c);
			return;
		}
		n = call_is_alive(c->id) ? perform(s) : -ESRCH;
		close(s->endpoint.socket);
	}
	free(s);
	if (n < 0)
		call_fail(c, (int)-n);
	else
		call_return(c, n);
}
