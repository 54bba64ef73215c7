/* Reads where a captured datagram was sent, and writes IP, UDP and ICMP headers for the answers. */
#define _GNU_SOURCE
#include "datagram.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/in6.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#define HOPS 64

union address {
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
	struct sockaddr_storage storage;
};

static void take(const union address *from, uint8_t family, uint8_t bytes[16], uint16_t *port)
{
	if (family == 4)
		memcpy(bytes, &from->in4.sin_addr, 4);
	else
		memcpy(bytes, &from->in6.sin6_addr, 16);
	*port = ntohs(family == 4 ? from->in4.sin_port : from->in6.sin6_port);
}

/* Where it was sent, and the mark of the socket it was sent on. */
static bool take_control(struct msghdr *message, struct wire_datagram *ends)
{
	const int level = ends->family == 4 ? IPPROTO_IP : IPPROTO_IPV6;
	const int type = ends->family == 4 ? IP_ORIGDSTADDR : IPV6_ORIGDSTADDR;
	const size_t size = ends->family == 4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	bool found = false;

	for (struct cmsghdr *h = CMSG_FIRSTHDR(message); h; h = CMSG_NXTHDR(message, h)) {
		union address address;
		if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SO_MARK &&
		    h->cmsg_len >= CMSG_LEN(sizeof(ends->line)))
			memcpy(&ends->line, CMSG_DATA(h), sizeof(ends->line));
		if (h->cmsg_level != level || h->cmsg_type != type || h->cmsg_len < CMSG_LEN(size))
			continue;
		memcpy(&address, CMSG_DATA(h), size);
		take(&address, ends->family, ends->peer, &ends->peer_port);
		found = true;
	}
	return found;
}

ssize_t datagram_receive(int socket, struct wire_datagram *ends, void *bytes, size_t room)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct sockaddr_in6)) + CMSG_SPACE(sizeof(uint32_t))];
	} control;
	union address agent;
	struct iovec part = { bytes, room };
	struct msghdr message = { .msg_name = &agent,
				  .msg_namelen = sizeof(agent),
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	ssize_t n = recvmsg(socket, &message, MSG_DONTWAIT);

	if (n < 0)
		return -errno;
	*ends = (struct wire_datagram){ .family = agent.storage.ss_family == AF_INET ? 4 : 6 };
	take(&agent, ends->family, ends->agent, &ends->agent_port);
	return take_control(&message, ends) ? n : -EPROTO;
}

/* Ones' complement sum of 16-bit words in network order (RFC 1071). Pieces but the last have an even length. */
static uint32_t sum(uint32_t so_far, const void *bytes, size_t length)
{
	const uint8_t *b = bytes;
	uint64_t total = so_far;

	for (size_t i = 0; i + 1 < length; i += 2)
		total += (uint32_t)(b[i] << 8 | b[i + 1]);
	if (length % 2)
		total += (uint32_t)(b[length - 1] << 8);
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint32_t)total;
}

static uint16_t checksum(uint32_t total)
{
	return htons((uint16_t)~total);
}

static size_t address_length(const struct wire_datagram *ends)
{
	return ends->family == 4 ? 4 : 16;
}

/* The pseudo-header that UDP and ICMPv6 are summed with (RFC 768; RFC 8200, section 8.1). */
static uint32_t pseudo(const struct wire_datagram *ends, uint8_t protocol, size_t length)
{
	const uint32_t size = htonl((uint32_t)length), next = htonl(protocol);
	uint32_t total = sum(0, ends->peer, address_length(ends));

	total = sum(total, ends->agent, address_length(ends));
	return sum(sum(total, &size, sizeof(size)), &next, sizeof(next));
}

/* A packet from `from` to `to` of the family of `ends`; the kernel fills in the header's checksum (raw(7)). */
static size_t ip_header(uint8_t *out, const struct wire_datagram *ends, const uint8_t *from, const uint8_t *to,
			uint8_t protocol, size_t length)
{
	if (ends->family == 4) {
		struct iphdr v4 = { .version = 4,
				    .ihl = 5,
				    .tot_len = htons((uint16_t)(sizeof(v4) + length)),
				    .frag_off = htons(IP_DF),
				    .ttl = HOPS,
				    .protocol = protocol };
		memcpy(&v4.saddr, from, 4);
		memcpy(&v4.daddr, to, 4);
		memcpy(out, &v4, sizeof(v4));
		return sizeof(v4);
	}
	struct ip6_hdr v6 = {
		.ip6_flow = htonl(6u << 28), .ip6_plen = htons((uint16_t)length), .ip6_nxt = protocol, .ip6_hlim = HOPS
	};
	memcpy(&v6.ip6_src, from, 16);
	memcpy(&v6.ip6_dst, to, 16);
	memcpy(out, &v6, sizeof(v6));
	return sizeof(v6);
}

static int send_to_agent(int raw, const struct wire_datagram *ends, struct iovec *parts, size_t count)
{
	union address to = { 0 };
	struct msghdr message = { .msg_name = &to, .msg_iov = parts, .msg_iovlen = count };

	if (ends->family == 4) {
		to.in4.sin_family = AF_INET;
		memcpy(&to.in4.sin_addr, ends->agent, 4);
		message.msg_namelen = sizeof(to.in4);
	} else {
		to.in6.sin6_family = AF_INET6;
		memcpy(&to.in6.sin6_addr, ends->agent, 16);
		message.msg_namelen = sizeof(to.in6);
	}
	return sendmsg(raw, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int datagram_deliver(int raw, const struct wire_datagram *ends, const void *bytes, size_t length)
{
	uint8_t head[sizeof(struct ip6_hdr) + sizeof(struct udphdr)];
	struct udphdr udp = { .source = htons(ends->peer_port), .dest = htons(ends->agent_port) };
	const size_t size = sizeof(udp) + length,
		     most = ends->family == 4 ? UINT16_MAX - sizeof(struct iphdr) : UINT16_MAX;

	if (size > most)
		return -EMSGSIZE;
	udp.len = htons((uint16_t)size);
	uint32_t total = sum(pseudo(ends, IPPROTO_UDP, size), &udp, sizeof(udp));
	udp.check = checksum(sum(total, bytes, length));
	/* Zero would mean that there is none. */
	if (!udp.check)
		udp.check = UINT16_MAX;
	size_t at = ip_header(head, ends, ends->peer, ends->agent, IPPROTO_UDP, size);
	memcpy(head + at, &udp, sizeof(udp));
	struct iovec parts[] = { { head, at + sizeof(udp) }, { (void *)bytes, length } };
	return send_to_agent(raw, ends, parts, 2);
}

int datagram_unreachable(int raw, const struct wire_datagram *ends)
{
	uint8_t packet[2 * sizeof(struct ip6_hdr) + sizeof(struct icmp6_hdr) + sizeof(struct udphdr)];
	const struct udphdr udp = { .source = htons(ends->agent_port),
				    .dest = htons(ends->peer_port),
				    .len = htons(sizeof(udp)) };
	uint8_t refused[sizeof(struct ip6_hdr) + sizeof(udp)];
	size_t size = ip_header(refused, ends, ends->agent, ends->peer, IPPROTO_UDP, sizeof(udp));

	memcpy(refused + size, &udp, sizeof(udp));
	size += sizeof(udp);
	const uint8_t protocol = ends->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	/* Both versions begin with type, code and checksum, and have four unused bytes. */
	struct icmphdr icmp = { .type = ends->family == 4 ? ICMP_DEST_UNREACH : ICMP6_DST_UNREACH,
				.code = ends->family == 4 ? ICMP_PORT_UNREACH : ICMP6_DST_UNREACH_NOPORT };
	uint32_t total = ends->family == 4 ? 0 : pseudo(ends, protocol, sizeof(icmp) + size);
	icmp.checksum = checksum(sum(sum(total, &icmp, sizeof(icmp)), refused, size));
	size_t at = ip_header(packet, ends, ends->peer, ends->agent, protocol, sizeof(icmp) + size);
	memcpy(packet + at, &icmp, sizeof(icmp));
	memcpy(packet + at + sizeof(icmp), refused, size);
	struct iovec part = { packet, at + sizeof(icmp) + size };
	return send_to_agent(raw, ends, &part, 1);
}
