/* Loads the ruleset below into this network namespace, in one atomic nf_tables batch; `nft list ruleset` prints it as:
 *
 *   table inet leash {
 *     chain capture {
 *       type filter hook prerouting priority mangle; policy accept;
 *       iif "lo" meta l4proto tcp ip daddr != 127.0.0.0/8 tproxy ip to :15001 accept
 *       iif "lo" meta l4proto tcp ip6 daddr != ::1 tproxy ip6 to :15001 accept
 *       iif "lo" meta l4proto udp ip daddr != 127.0.0.0/8 meta mark != 0x6c656173 tproxy ip to :15001 accept
 *       iif "lo" meta l4proto udp ip6 daddr != ::1 meta mark != 0x6c656173 tproxy ip6 to :15001 accept
 *     }
 *     chain resolve {
 *       type nat hook output priority -100; policy accept;
 *       udp dport 53 redirect to :53
 *     }
 *   }
 *
 * tproxy looks for an established socket first: answers to the agent find the agent's own socket and pass. A socket for
 * datagrams need not be connected, so answers carry a mark.
 */
#define _GNU_SOURCE
#include "step.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4.h>
#include <netinet/in.h>

#include "entry.h"
#include "nft.h"

#define CAPTURE "capture"
#define RESOLVE "resolve"
#define LOOPBACK 1

/* Offsets of destination fields: RFC 791, RFC 8200, RFC 768. */
enum { IPV4_DESTINATION = 16, IPV6_DESTINATION = 24, UDP_DESTINATION_PORT = 2 };

static void match_protocol(struct netlink_request *r, uint8_t protocol)
{
	nft_load_meta(r, NFT_META_L4PROTO);
	nft_compare(r, NFT_CMP_EQ, &protocol, sizeof(protocol));
}

struct loopback {
	uint8_t family;
	uint32_t offset; /* of the destination */
	size_t length;
	const void *prefix;
};

static void capture(struct netlink_request *r, uint8_t protocol, const struct loopback *inside)
{
	const uint32_t lo = LOOPBACK, mark = ENTRY_MARK;
	size_t rule = nft_rule(r, CAPTURE);

	nft_load_meta(r, NFT_META_IIF);
	nft_compare(r, NFT_CMP_EQ, &lo, sizeof(lo));
	nft_load_meta(r, NFT_META_NFPROTO);
	nft_compare(r, NFT_CMP_EQ, &inside->family, sizeof(inside->family));
	match_protocol(r, protocol);
	nft_load_payload(r, NFT_PAYLOAD_NETWORK_HEADER, inside->offset, (uint32_t)inside->length);
	nft_compare(r, NFT_CMP_NEQ, inside->prefix, inside->length);
	if (protocol == IPPROTO_UDP) {
		nft_load_meta(r, NFT_META_MARK);
		nft_compare(r, NFT_CMP_NEQ, &mark, sizeof(mark));
	}
	nft_load_port(r, protocol == IPPROTO_UDP ? ENTRY_UDP_PORT : ENTRY_TCP_PORT);
	nft_tproxy(r, inside->family);
	nft_accept(r);
	nft_rule_end(r, rule);
}

static void redirect_dns(struct netlink_request *r)
{
	const uint16_t dns = htons(ENTRY_DNS_PORT);
	size_t rule = nft_rule(r, RESOLVE);

	match_protocol(r, IPPROTO_UDP);
	nft_load_payload(r, NFT_PAYLOAD_TRANSPORT_HEADER, UDP_DESTINATION_PORT, sizeof(dns));
	nft_compare(r, NFT_CMP_EQ, &dns, sizeof(dns));
	nft_load_port(r, ENTRY_DNS_PORT);
	nft_redirect(r);
	nft_rule_end(r, rule);
}

int netfilter_load(struct failure *failure)
{
	static const uint8_t net4 = IN_LOOPBACKNET;
	const struct loopback loopback4 = { NFPROTO_IPV4, IPV4_DESTINATION, sizeof(net4), &net4 };
	const struct loopback loopback6 = { NFPROTO_IPV6, IPV6_DESTINATION, sizeof(in6addr_loopback),
					    &in6addr_loopback };
	struct netlink_request r = { 0 };

	nft_batch_edge(&r, NFNL_MSG_BATCH_BEGIN);
	nft_table(&r);
	nft_chain(&r, CAPTURE, "filter", NF_INET_PRE_ROUTING, NF_IP_PRI_MANGLE);
	capture(&r, IPPROTO_TCP, &loopback4);
	capture(&r, IPPROTO_TCP, &loopback6);
	capture(&r, IPPROTO_UDP, &loopback4);
	capture(&r, IPPROTO_UDP, &loopback6);
	nft_chain(&r, RESOLVE, "nat", NF_INET_LOCAL_OUT, NF_IP_PRI_NAT_DST);
	redirect_dns(&r);
	nft_batch_edge(&r, NFNL_MSG_BATCH_END);

	int error = netlink_run(&r, NETLINK_NETFILTER);
	if (error)
		return failed(failure, error,
			      "loading nf_tables rules (needs nf_tables, nft_tproxy, nft_chain_nat, nft_redir)");
	return 0;
}
