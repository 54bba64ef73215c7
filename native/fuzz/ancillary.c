/* Lists of control messages (cmsg(3)) as an agent may lay them out: what comes of them is a list the kernel reads to
 * its end, with descriptors that were duplicated and no number of the agent's, and for a socket of the internet nothing
 * that takes a capability.
 *
 * Corpus: none; each list is made up and then damaged.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../warden/ancillary.h"

#define LIST_BYTES 4096u

/* Duplicates are numbers that no descriptor has, so that closing them closes nothing. */
#define DUPLICATE 1000000

static const int families[] = { AF_UNIX, AF_NETLINK, AF_INET, AF_INET6 };
static const struct {
	int level, type;
} kinds[] = {
	{ SOL_SOCKET, SCM_RIGHTS },
	{ SOL_SOCKET, SCM_RIGHTS },
	{ SOL_SOCKET, SCM_CREDENTIALS },
	{ SOL_SOCKET, SO_MARK },
	{ SOL_SOCKET, SO_TIMESTAMPING },
	{ IPPROTO_IP, IP_PKTINFO },
	{ IPPROTO_IP, IP_RETOPTS },
	{ IPPROTO_IPV6, IPV6_PKTINFO },
	{ IPPROTO_IPV6, IPV6_RTHDR },
	{ IPPROTO_IPV6, IPV6_HOPOPTS },
	{ IPPROTO_UDP, 103 },
	{ 282, 1 },
};
static unsigned long taken, refused, handed;

static int duplicate(const void *sender, int fd)
{
	(void)sender;
	return fd < 0 ? -EBADF : DUPLICATE + (fd & 0xffff);
}

static int check(const void *sender, const struct ucred *credentials)
{
	(void)sender;
	return credentials->pid & 1 ? -EPERM : 0;
}

void fuzz_open(char *const *files, unsigned count)
{
	(void)files;
	require(count == 0, "there is no corpus");
}

static size_t make_list(struct random *r, uint8_t bytes[static LIST_BYTES])
{
	size_t length = 0;

	for (uint32_t left = random_below(r, 6); left; left--) {
		uint32_t kind = random_below(r, sizeof kinds / sizeof *kinds);
		size_t data = random_one_in(r, 8) ? random_below(r, 600) : random_below(r, 24);
		struct cmsghdr h = { .cmsg_len = CMSG_LEN(data),
				     .cmsg_level = kinds[kind].level,
				     .cmsg_type = kinds[kind].type };
		if (random_one_in(r, 6))
			h.cmsg_len = random_one_in(r, 2) ? random_next(r) : random_length(r, (uint32_t)data);
		memcpy(bytes + length, &h, sizeof h);
		for (size_t i = 0; i < data; i++)
			bytes[length + sizeof h + i] = (uint8_t)(random_one_in(r, 4) ? random_next(r) : 0);
		length += CMSG_SPACE(data);
	}
	return length;
}

static void inspect(const struct ancillary *a, int family)
{
	struct msghdr m = { .msg_control = a->bytes, .msg_controllen = a->length };
	size_t end = 0;

	for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
		size_t at = (size_t)((char *)h - a->bytes);
		require(h->cmsg_len >= sizeof *h && h->cmsg_len <= a->length - at, "a length of %zu at %zu of %zu",
			h->cmsg_len, at, a->length);
		end = at + CMSG_ALIGN(h->cmsg_len);
		bool is_rights = h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS;
		if (family == AF_UNIX)
			require(is_rights, "%d %d on a unix socket", h->cmsg_level, h->cmsg_type);
		else
			require(!is_rights && family != AF_NETLINK, "descriptors of the warden");
		require(h->cmsg_level != SOL_SOCKET || h->cmsg_type != SO_MARK, "a mark");
		require(h->cmsg_level != IPPROTO_IP || h->cmsg_type != IP_RETOPTS, "a source route");
		require(h->cmsg_level != IPPROTO_IPV6 || h->cmsg_type == IPV6_PKTINFO ||
				h->cmsg_type == IPV6_HOPLIMIT || h->cmsg_type == IPV6_TCLASS ||
				h->cmsg_type == IPV6_DONTFRAG,
			"an extension header");
		for (size_t i = 0; is_rights && i < (h->cmsg_len - sizeof *h) / sizeof(int); i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(h) + i * sizeof fd, sizeof fd);
			require(fd >= DUPLICATE, "descriptor %d is the agent's number", fd);
			handed++;
		}
	}
	require(end == a->length, "the kernel reads %zu of %zu bytes", end, a->length);
}

void fuzz_one(struct random *r)
{
	const struct ancillary_sender from = { .duplicate = duplicate, .check = check };
	int family = families[random_below(r, sizeof families / sizeof *families)];
	uint8_t *bytes = malloc(LIST_BYTES);
	struct ancillary a;

	require(bytes, "no memory");
	size_t length = make_list(r, bytes);
	if (random_one_in(r, 2))
		mutate(r, bytes, &length, LIST_BYTES);
	/* Exactly as long as it says, so that a step outside is seen. */
	char *list = malloc(length ? length : 1);
	require(list, "no memory");
	memcpy(list, bytes, length);
	free(bytes);
	int error = ancillary_rewrite(list, length, family, &from, &a);
	free(list);
	if (error) {
		refused++;
	} else {
		taken++;
		inspect(&a, family);
	}
	ancillary_close(&a);
}

void fuzz_close(char *summary, size_t size)
{
	snprintf(summary, size, "%lu lists taken with %lu descriptors, %lu refused", taken, handed, refused);
}
