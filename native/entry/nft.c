/* Writes nf_tables objects and expressions as netlink attributes, as nft(8) does (linux/netfilter/nf_tables.h). */
#define _GNU_SOURCE
#include "nft.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

static void message(struct netlink_request *r, uint16_t type, uint16_t flags)
{
	const struct nfgenmsg header = { .nfgen_family = NFPROTO_INET, .version = NFNETLINK_V0 };

	netlink_message(r, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags | NLM_F_ACK | NLM_F_CREATE, &header,
			sizeof(header));
}

void nft_batch_edge(struct netlink_request *r, uint16_t type)
{
	const struct nfgenmsg header = { .nfgen_family = AF_UNSPEC, .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	netlink_message(r, type, 0, &header, sizeof(header));
}

void nft_table(struct netlink_request *r)
{
	message(r, NFT_MSG_NEWTABLE, 0);
	netlink_put_string(r, NFTA_TABLE_NAME, NFT_TABLE);
}

void nft_chain(struct netlink_request *r, const char *name, const char *type, uint32_t hook, int priority)
{
	message(r, NFT_MSG_NEWCHAIN, 0);
	netlink_put_string(r, NFTA_CHAIN_TABLE, NFT_TABLE);
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

void nft_load_meta(struct netlink_request *r, uint32_t key)
{
	struct expression e = begin(r, "meta");

	netlink_put_be32(r, NFTA_META_KEY, key);
	netlink_put_be32(r, NFTA_META_DREG, NFT_REG_1);
	end(r, e);
}

void nft_load_payload(struct netlink_request *r, uint32_t base, uint32_t offset, uint32_t length)
{
	struct expression e = begin(r, "payload");

	netlink_put_be32(r, NFTA_PAYLOAD_DREG, NFT_REG_1);
	netlink_put_be32(r, NFTA_PAYLOAD_BASE, base);
	netlink_put_be32(r, NFTA_PAYLOAD_OFFSET, offset);
	netlink_put_be32(r, NFTA_PAYLOAD_LEN, length);
	end(r, e);
}

void nft_compare(struct netlink_request *r, uint32_t operation, const void *value, size_t length)
{
	struct expression e = begin(r, "cmp");

	netlink_put_be32(r, NFTA_CMP_SREG, NFT_REG_1);
	netlink_put_be32(r, NFTA_CMP_OP, operation);
	size_t data = netlink_nest(r, NFTA_CMP_DATA);
	netlink_put(r, NFTA_DATA_VALUE, value, length);
	netlink_nest_end(r, data);
	end(r, e);
}

void nft_load_port(struct netlink_request *r, uint16_t port)
{
	const uint16_t value = htons(port);
	struct expression e = begin(r, "immediate");

	netlink_put_be32(r, NFTA_IMMEDIATE_DREG, NFT_REG_1);
	size_t data = netlink_nest(r, NFTA_IMMEDIATE_DATA);
	netlink_put(r, NFTA_DATA_VALUE, &value, sizeof(value));
	netlink_nest_end(r, data);
	end(r, e);
}

void nft_tproxy(struct netlink_request *r, uint32_t family)
{
	struct expression e = begin(r, "tproxy");

	netlink_put_be32(r, NFTA_TPROXY_FAMILY, family);
	netlink_put_be32(r, NFTA_TPROXY_REG_PORT, NFT_REG_1);
	end(r, e);
}

void nft_redirect(struct netlink_request *r)
{
	struct expression e = begin(r, "redir");

	netlink_put_be32(r, NFTA_REDIR_REG_PROTO_MIN, NFT_REG_1);
	netlink_put_be32(r, NFTA_REDIR_FLAGS, NF_NAT_RANGE_PROTO_SPECIFIED);
	end(r, e);
}

void nft_accept(struct netlink_request *r)
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

size_t nft_rule(struct netlink_request *r, const char *chain)
{
	message(r, NFT_MSG_NEWRULE, NLM_F_APPEND);
	netlink_put_string(r, NFTA_RULE_TABLE, NFT_TABLE);
	netlink_put_string(r, NFTA_RULE_CHAIN, chain);
	return netlink_nest(r, NFTA_RULE_EXPRESSIONS);
}

void nft_rule_end(struct netlink_request *r, size_t rule)
{
	netlink_nest_end(r, rule);
}
