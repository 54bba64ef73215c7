/* A network namespace enters, its own or the container's; one in which every address is local leaves: all packets end
 * at loopback. */
#define _GNU_SOURCE
#include "step.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink.h"

/* Always the first interface of a network namespace. */
#define LOOPBACK 1

/* Source addresses of traffic to anything but loopback. Without one the kernel takes the destination itself as the
 * source. Resolvers also skip a family that has no address but loopback (AI_ADDRCONFIG, getaddrinfo(3)).
 */
static const char *const source4 = "10.255.255.1";
static const char *const source6 = "fd00::1";

struct address {
	uint8_t family;
	uint8_t bits;
	size_t length;
	uint8_t bytes[sizeof(struct in6_addr)];
};

static struct address parse(uint8_t family, const char *text)
{
	struct address a = { .family = family, .length = family == AF_INET ? 4 : 16 };

	a.bits = (uint8_t)(8 * a.length);
	inet_pton(family, text, a.bytes);
	return a;
}

static void bring_loopback_up(struct netlink_request *r)
{
	struct ifinfomsg link = { .ifi_index = LOOPBACK, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };

	netlink_message(r, RTM_NEWLINK, NLM_F_ACK, &link, sizeof(link));
}

static void add_source(struct netlink_request *r, const struct address *a)
{
	struct ifaddrmsg message = {
		.ifa_family = a->family, .ifa_prefixlen = a->bits, .ifa_flags = IFA_F_NODAD, .ifa_index = LOOPBACK
	};

	netlink_message(r, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, &message, sizeof(message));
	netlink_put(r, IFA_LOCAL, a->bytes, a->length);
	netlink_put(r, IFA_ADDRESS, a->bytes, a->length);
}

/* `ip route add local default dev lo src SOURCE` */
static void add_local_default(struct netlink_request *r, const struct address *source)
{
	struct rtmsg route = { .rtm_family = source->family,
			       .rtm_table = RT_TABLE_LOCAL,
			       .rtm_protocol = RTPROT_BOOT,
			       .rtm_scope = RT_SCOPE_HOST,
			       .rtm_type = RTN_LOCAL };

	netlink_message(r, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, &route, sizeof(route));
	netlink_put_u32(r, RTA_OIF, LOOPBACK);
	netlink_put(r, RTA_PREFSRC, source->bytes, source->length);
}

static int make_local(const struct address *source)
{
	struct netlink_request r = { 0 };

	add_source(&r, source);
	add_local_default(&r, source);
	return netlink_run(&r, NETLINK_ROUTE);
}

int network_make(struct failure *failure)
{
	/* For an ordinary user bubblewrap nests a second user namespace, and the network namespace it made belongs to
	 * the first. One made here belongs to the namespace in which this process has its capabilities, in every case.
	 */
	if (unshare(CLONE_NEWNET))
		return failed(failure, -errno, "making a network namespace (needs CAP_SYS_ADMIN in the sandbox)");
	return network_make_all_local(failure);
}

/* Tunnel drivers put an interface that is down into every namespace; only a capability could bring it up. */
static int check_empty(struct failure *failure)
{
	struct if_nameindex *all = if_nameindex();
	int query = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_empty = all && query >= 0;

	for (struct if_nameindex *i = all; is_empty && i->if_index; i++) {
		struct ifreq request = { 0 };
		strncpy(request.ifr_name, i->if_name, IFNAMSIZ - 1);
		if (ioctl(query, SIOCGIFFLAGS, &request))
			is_empty = false;
		else
			is_empty = !(request.ifr_flags & IFF_UP) || request.ifr_flags & IFF_LOOPBACK;
	}
	if (all)
		if_freenameindex(all);
	if (query >= 0)
		close(query);
	return is_empty ? 0 : failed(failure, -ENOTUNIQ, "the container has a network of its own");
}

int network_make_all_local(struct failure *failure)
{
	struct address v4 = parse(AF_INET, source4);
	struct address v6 = parse(AF_INET6, source6);
	struct netlink_request up = { 0 };
	int error;

	bring_loopback_up(&up);
	error = netlink_run(&up, NETLINK_ROUTE);
	if (error)
		return failed(failure, error, "bringing loopback up (needs CAP_NET_ADMIN over the network namespace)");
	error = make_local(&v4);
	if (error)
		return failed(failure, error, "making all IPv4 addresses local");
	error = make_local(&v6);
	if (error)
		return failed(failure, error, "making all IPv6 addresses local (is IPv6 disabled?)");
	return 0;
}

/* It belongs to the user namespace that the entry is in. */
int network_take(struct failure *failure)
{
	int error = check_empty(failure);

	return error ? error : network_make_all_local(failure);
}
