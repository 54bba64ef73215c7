/* What is copied through is on a list: the sandbox's network belongs to a user namespace whose owner is the warden's
 * user, so the kernel takes the warden to have every capability there (cap_capable()), and SO_MARK, source routes and
 * extension headers would be sent where the agent itself is refused. Source: __scm_send(), ip_cmsg_send(),
 * ip6_datagram_send_ctl(), __sock_cmsg_send(), udp_cmsg_send().
 */
#define _GNU_SOURCE
#include "ancillary.h"

#include <errno.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef SOL_TLS
#define SOL_TLS 282
#endif

static const struct {
	int level, type;
} passed[] = {
	{ IPPROTO_IP, IP_PKTINFO },	 { IPPROTO_IP, IP_TTL },	   { IPPROTO_IP, IP_TOS },
	{ IPPROTO_IPV6, IPV6_PKTINFO },	 { IPPROTO_IPV6, IPV6_HOPLIMIT },  { IPPROTO_IPV6, IPV6_TCLASS },
	{ IPPROTO_IPV6, IPV6_DONTFRAG }, { IPPROTO_UDP, UDP_SEGMENT },	   { SOL_SOCKET, SO_TIMESTAMPING },
	{ SOL_SOCKET, SO_TXTIME },	 { SOL_TLS, TLS_SET_RECORD_TYPE },
};

static bool is_passed(const struct cmsghdr *h)
{
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		if (h->cmsg_level == passed[i].level && h->cmsg_type == passed[i].type)
			return true;
	return false;
}

static void append(struct ancillary *out, const struct cmsghdr *h, const void *data)
{
	size_t length = h->cmsg_len - sizeof *h;

	memcpy(out->bytes + out->length, h, sizeof *h);
	memcpy(out->bytes + out->length + sizeof *h, data, length);
	out->length += CMSG_SPACE(length);
}

/* All of a message's descriptors are one list. Source: scm_fp_copy(). */
static int take_descriptors(const char *data, size_t length, const struct ancillary_sender *from, struct ancillary *out)
{
	size_t count = length / sizeof(int);

	if (count > ANCILLARY_DESCRIPTORS - out->count)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		int fd;
		memcpy(&fd, data + i * sizeof fd, sizeof fd);
		int copy = from->duplicate(from->sender, fd);
		if (copy < 0)
			return copy;
		out->descriptors[out->count++] = copy;
	}
	return 0;
}

/* Credentials that are the sender's own are what the kernel adds without being told; but for the pid, which is then the
 * warden's. */
static int check_credentials(const char *data, size_t length, const struct ancillary_sender *from)
{
	struct ucred credentials;

	if (length != sizeof credentials)
		return -EINVAL;
	memcpy(&credentials, data, sizeof credentials);
	return from->check(from->sender, &credentials);
}

static int rewrite_unix(const struct cmsghdr *h, const char *data, const struct ancillary_sender *from,
			struct ancillary *out)
{
	size_t length = h->cmsg_len - sizeof *h;

	if (h->cmsg_level != SOL_SOCKET)
		return 0;
	if (h->cmsg_type == SCM_RIGHTS)
		return take_descriptors(data, length, from, out);
	if (h->cmsg_type == SCM_CREDENTIALS)
		return check_credentials(data, length, from);
	return -EINVAL;
}

static int rewrite_netlink(const struct cmsghdr *h, const char *data, const struct ancillary_sender *from)
{
	if (h->cmsg_level != SOL_SOCKET)
		return 0;
	return h->cmsg_type == SCM_CREDENTIALS ? check_credentials(data, h->cmsg_len - sizeof *h, from) : -EINVAL;
}

static int rewrite_internet(const struct cmsghdr *h, const char *data, struct ancillary *out)
{
	if (is_passed(h)) {
		append(out, h, data);
		return 0;
	}
	if (h->cmsg_level == SOL_SOCKET)
		/* Of no meaning on such a socket, and ignored. */
		return h->cmsg_type == SCM_RIGHTS || h->cmsg_type == SCM_CREDENTIALS ? 0
		       : h->cmsg_type == SO_MARK || h->cmsg_type == SO_PRIORITY	     ? -EPERM
										     : -EINVAL;
	return h->cmsg_level == IPPROTO_IP || h->cmsg_level == IPPROTO_IPV6 ? -EPERM : 0;
}

static void append_descriptors(struct ancillary *out)
{
	size_t length = sizeof(int) * out->count;
	const struct cmsghdr rights = { .cmsg_len = CMSG_LEN(length),
					.cmsg_level = SOL_SOCKET,
					.cmsg_type = SCM_RIGHTS };

	append(out, &rights, out->descriptors);
}

int ancillary_rewrite(const char *list, size_t length, int domain, const struct ancillary_sender *from,
		      struct ancillary *out)
{
	size_t at = 0;

	*out = (struct ancillary){ 0 };
	if (length > ANCILLARY_MAX)
		return -ENOBUFS;
	out->bytes = calloc(1, CMSG_ALIGN(length) + CMSG_SPACE(sizeof out->descriptors));
	if (!out->bytes)
		return -ENOBUFS;
	/* A rest that is too short for a header ends the list. Source: __cmsg_nxthdr(). */
	while (at <= length && length - at >= sizeof(struct cmsghdr)) {
		struct cmsghdr h;
		memcpy(&h, list + at, sizeof h);
		if (h.cmsg_len < sizeof h || h.cmsg_len > length - at)
			return -EINVAL;
		const char *data = list + at + sizeof h;
		int error = domain == AF_UNIX	   ? rewrite_unix(&h, data, from, out)
			    : domain == AF_NETLINK ? rewrite_netlink(&h, data, from)
						   : rewrite_internet(&h, data, out);
		if (error)
			return error;
		at += CMSG_ALIGN(h.cmsg_len);
	}
	if (out->count)
		append_descriptors(out);
	return 0;
}

void ancillary_close(struct ancillary *a)
{
	for (unsigned i = 0; i < a->count; i++)
		close(a->descriptors[i]);
	free(a->bytes);
}
