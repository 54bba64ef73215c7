/* Builds netlink requests and runs them: messages and attributes enter, the kernel's answer leaves. */
#define _GNU_SOURCE
#include "netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Appends zeroed, aligned space; NULL when the buffer is full. */
static void *reserve(struct netlink_request *r, size_t length)
{
	size_t aligned = NLMSG_ALIGN(length);

	if (r->overflow || aligned > sizeof(r->bytes) - r->length) {
		r->overflow = true;
		return NULL;
	}
	void *space = memset(r->bytes + r->length, 0, aligned);
	r->length += aligned;
	return space;
}

static void update_message_length(struct netlink_request *r)
{
	struct nlmsghdr *message = (struct nlmsghdr *)(r->bytes + r->message);

	message->nlmsg_len = (uint32_t)(r->length - r->message);
}

void netlink_message(struct netlink_request *r, uint16_t type, uint16_t flags, const void *header, size_t length)
{
	size_t start = r->length;
	struct nlmsghdr *message = reserve(r, sizeof(*message) + length);

	if (!message)
		return;
	r->message = start;
	message->nlmsg_type = type;
	message->nlmsg_flags = flags | NLM_F_REQUEST;
	memcpy(message + 1, header, length);
	update_message_length(r);
	if (flags & NLM_F_ACK)
		r->acknowledgements++;
}

void netlink_put(struct netlink_request *r, uint16_t type, const void *value, size_t length)
{
	struct nlattr *attribute = reserve(r, sizeof(*attribute) + length);

	if (!attribute)
		return;
	attribute->nla_type = type;
	attribute->nla_len = (uint16_t)(sizeof(*attribute) + length);
	if (length)
		memcpy(attribute + 1, value, length);
	update_message_length(r);
}

void netlink_put_string(struct netlink_request *r, uint16_t type, const char *value)
{
	netlink_put(r, type, value, strlen(value) + 1);
}

void netlink_put_u32(struct netlink_request *r, uint16_t type, uint32_t value)
{
	netlink_put(r, type, &value, sizeof(value));
}

void netlink_put_be32(struct netlink_request *r, uint16_t type, uint32_t value)
{
	netlink_put_u32(r, type, htonl(value));
}

size_t netlink_nest(struct netlink_request *r, uint16_t type)
{
	size_t nest = r->length;

	netlink_put(r, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void netlink_nest_end(struct netlink_request *r, size_t nest)
{
	if (!r->overflow)
		((struct nlattr *)(r->bytes + nest))->nla_len = (uint16_t)(r->length - nest);
}

/* Reads acknowledgements until all have come; the kernel stops a batch at its first error and sends no more. */
static int await_acknowledgements(int socket, unsigned expected)
{
	_Alignas(NLMSG_ALIGNTO) uint8_t answer[8192];

	while (expected) {
		ssize_t received = recv(socket, answer, sizeof(answer), 0);
		if (received < 0 && errno == EINTR)
			continue;
		if (received < 0)
			return -errno;
		uint32_t left = (uint32_t)received;
		for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
			if (m->nlmsg_type != NLMSG_ERROR)
				continue;
			int error = ((struct nlmsgerr *)NLMSG_DATA(m))->error;
			if (error)
				return error;
			expected--;
		}
	}
	return 0;
}

int netlink_run(const struct netlink_request *r, int protocol)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (r->overflow)
		return -EMSGSIZE;
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (s < 0)
		return -errno;
	ssize_t sent = sendto(s, r->bytes, r->length, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	int error = sent < 0 ? -errno : await_acknowledgements(s, r->acknowledgements);
	close(s);
	return error;
}
