/* Loads the ruleset below into this network namespace, in one atomic nf_tables batch; `nft list ruleset` prints it as:
 *
 *   table inet leash {
 *     chain capture {
 *       type filter hook prerouting priority mangle; policy accept;
 *       iif "lo" meta l4proto tcp ip daddr != 127.0.0.0/8 tproxy ip to :15001 accept
 *       iif "lo" meta l4proto tcp ip6 daddr != ::1 tproxy ip6 to :15001 accept
 *     }
 *     chain resolve {
 *       type nat hook output priority -100; policy accept;
 *       udp dport 53 redirect to :53
 *     }
 *   }
 *
 * tproxy looks for an established socket first: answers to the agent find the agent's own socket and pass.
 * Other UDP needs no rule: all addresses are local, so the kernel itself answers "port unreachable".
 */
#define _GNU_SOURCE
#include "step.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4.h>
#include <netinet/in.h>
#include <string.h>

#include "entry.h"
#include "netlink.h"

#define TABLE "leash"
#define CAPTURE "capture"
#define RESOLVE "resolve"
#define LOOPBACK 1

/* Offsets of destination fields: RFC 791, RFC 8200, RFC 768. */
enum { IPV4_DESTINATION = 16, IPV6_DESTINATION = 24, UDP_DESTINATION_PORT = 2 };

static void message(struct netlink_request *r, uint16_t type, uint16_t flags)
{
	const struct nfgenmsg header = { .nfgen_family = NFPROTO_INET, .version = NFNETLINK_V0 };

	netlink_message(r, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags | NLM_F_ACK | NLM_F_CREATE, &header,
			sizeof(header));
}

static void batch_edge(struct netlink_request *r, uint16_t type)
{
	const struct nfgenmsg header = { .nfgen_family = AF_UNSPEC, .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	netlink_message(r, type, 0, &header, sizeof(header));
}

static void add_table(struct netlink_request *r)
{
	message(r, NFT_MSG_NEWTABLE, 0);
	netlink_put_string(r, NFTA_TABLE_NAME, TABLE);
}

static void add_chain(struct netlink_request *r, const char *name, const char *type, uint32_t hook, int priority)
{
	message(r, NFT_MSG_NEWCHAIN, 0);
	netlink_put_string(r, NFTA_CHAIN_TABLE, TABLE);
	netlink_put_string(r, NFTA_CHAIN_NAME, name);
	netlink_put_string(r, NFTA_CHAIN_TYPE, type);
	netlink_put_be32(r, NFTA_CHAIN_POLICY, NF_ACCEPT);
	size_t nest = netlink_nest(r, NFTA_CHAIN_HOOK);
	netlink_put_be32(r, NFTA_HOOK_HOOKNUM, hook);
	netlink_put_be32(r, NFTA_HOOK_PRIORITY, (uint32_t)priority);
	netlink_nest_end(r, nest);
}

/* A rule is a list of expressions, each with its attributes in a nest. */
struct expression {
	size_t element;
	size_t data;
};

static struct expression begin(struct netlink_request *r, const char *name)
{
	struct expression e;

	e.element = netlink_nest(r, NFTA_LIST_ELEM);
	netlink_put_string(r, NFTA_EXPR_NAME, name);
	e.data = netlink_nest(r, NFTA_EXPR_DATA);
	return e;
}

static void end(struct netlink_request *r, struct expression e)
{
	netlink_nest_end(r, e.data);
	netlink_nest_end(r, e.element);
}

static void load_meta(struct netlink_request *r, uint32_t key)
{
	struct expression e = begin(r, "meta");

	netlink_put_be32(r, NFTA_META_KEY, key);
	netlink_put_be32(r, NFTA_META_DREG, NFT_REG_1);
	end(r, e);
}

static void load_payload(struct netlink_request *r, uint32_t base, uint32_t offset, uint32_t length)
{
	struct expression e = begin(r, "payload");

	netlink_put_be32(r, NFTA_PAYLOAD_DREG, NFT_REG_1);
	netlink_put_be32(r, NFTA_PAYLOAD_BASE, base);
	netlink_put_be32(r, NFTA_PAYLOAD_OFFSET, offset);
	netlink_put_be32(r, NFTA_PAYLOAD_LEN, length);
	end(r, e);
}

static void compare(struct netlink_request *r, uint32_t operation, const void *value, size_t length)
{
	struct expression e = begin(r, "cmp");

	netlink_put_be32(r, NFTA_CMP_SREG, NFT_REG_1);
	netlink_put_be32(r, NFTA_CMP_OP, operation);
	size_t data = netlink_nest(r, NFTA_CMP_DATA);
	netlink_put(r, NFTA_DATA_VALUE, value, length);
	netlink_nest_end(r, data);
	end(r, e);
}

static void load_port(struct netlink_request *r, uint16_t port)
{
	const uint16_t value = htons(port);
	struct expression e = begin(r, "immediate");

	netlink_put_be32(r, NFTA_IMMEDIATE_DREG, NFT_REG_1);
	size_t data = netlink_nest(r, NFTA_IMMEDIATE_DATA);
	netlink_put(r, NFTA_DATA_VALUE, &value, sizeof(value));
	netlink_nest_end(r, data);
	end(r, e);
}

static void tproxy(struct netlink_request *r, uint32_t family)
{
	struct expression e = begin(r, "tproxy");

	netlink_put_be32(r, NFTA_TPROXY_FAMILY, family);
	netlink_put_be32(r, NFTA_TPROXY_REG_PORT, NFT_REG_1);
	end(r, e);
}

static void redirect(struct netlink_request *r)
{
	struct expression e = begin(r, "redir");

	netlink_put_be32(r, NFTA_REDIR_REG_PROTO_MIN, NFT_REG_1);
	netlink_put_be32(r, NFTA_REDIR_FLAGS, NF_NAT_RANGE_PROTO_SPECIFIED);
	end(r, e);
}

static void accept_packet(struct netlink_request *r)
{
	struct expression e = begin(r, "immediate");

	netlink_put_be32(r, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	size_t data = netlink_nest(r, NFTA_IMMEDIATE_DATA);
	size_t verdict = netlink_nest(r, NFTA_DATA_VERDICT);
	netlink_put_be32(r, NFTA_VERDICT_CODE, NF_ACCEPT);
	netlink_nest_end(r, verdict);
	netlink_nest_end(r, data);
	end(r, e);
}

static size_t begin_rule(struct netlink_request *r, const char *chain)
{
	message(r, NFT_MSG_NEWRULE, NLM_F_APPEND);
	netlink_put_string(r, NFTA_RULE_TABLE, TABLE);
	netlink_put_string(r, NFTA_RULE_CHAIN, chain);
	return netlink_nest(r, NFTA_RULE_EXPRESSIONS);
}

static void capture_tcp(struct netlink_request *r, uint8_t family, uint32_t offset, const void *loopback, size_t length)
{
	const uint32_t lo = LOOPBACK;
	const uint8_t tcp = IPPROTO_TCP;
	size_t rule = begin_rule(r, CAPTURE);

	load_meta(r, NFT_META_IIF);
	compare(r, NFT_CMP_EQ, &lo, sizeof(lo));
	load_meta(r, NFT_META_NFPROTO);
	compare(r, NFT_CMP_EQ, &family, sizeof(family));
	load_meta(r, NFT_META_L4PROTO);
	compare(r, NFT_CMP_EQ, &tcp, sizeof(tcp));
	load_payload(r, NFT_PAYLOAD_NETWORK_HEADER, offset, (uint32_t)length);
	compare(r, NFT_CMP_NEQ, loopback, length);
	load_port(r, ENTRY_TCP_PORT);
	tproxy(r, family);
	accept_packet(r);
	netlink_nest_end(r, rule);
}

static void redirect_dns(struct netlink_request *r)
{
	const uint8_t udp = IPPROTO_UDP;
	const uint16_t dns = htons(ENTRY_DNS_PORT);
	size_t rule = begin_rule(r, RESOLVE);

	load_meta(r, NFT_META_L4PROTO);
	compare(r, NFT_CMP_EQ, &udp, sizeof(udp));
	load_payload(r, NFT_PAYLOAD_TRANSPORT_HEADER, UDP_DESTINATION_PORT, sizeof(dns));
	compare(r, NFT_CMP_EQ, &dns, sizeof(dns));
	load_port(r, ENTRY_DNS_PORT);
	redirect(r);
	netlink_nest_end(r, rule);
}

int netfilter_load(struct failure *failure)
{
	struct netlink_request r = { 0 };

	batch_edge(&r, NFNL_MSG_BATCH_BEGIN);
	add_table(&r);
	add_chain(&r, CAPTURE, "filter", NF_INET_PRE_ROUTING, NF_IP_PRI_MANGLE);
	capture_tcp(&r, NFPROTO_IPV4, IPV4_DESTINATION, &(uint8_t){ IN_LOOPBACKNET }, 1);
	capture_tcp(&r, NFPROTO_IPV6, IPV6_DESTINATION, &in6addr_loopback, sizeof(in6addr_loopback));
	add_chain(&r, RESOLVE, "nat", NF_INET_LOCAL_OUT, NF_IP_PRI_NAT_DST);
	redirect_dns(&r);
	batch_edge(&r, NFNL_MSG_BATCH_END);

	int error = netlink_run(&r, NETLINK_NETFILTER);
	if (error)
		return failed(failure, error,
			      "loading nf_tables rules (needs nf_tables, nft_tproxy, nft_chain_nat, nft_redir)");
	return 0;
}
