/* One nf_tables batch: a table, its chains, and rules made of expressions. Values pass through register 1. */
#ifndef LEASH_ENTRY_NFT_H
#define LEASH_ENTRY_NFT_H

#include "netlink.h"

#define NFT_TABLE "leash"

/* NFNL_MSG_BATCH_BEGIN or NFNL_MSG_BATCH_END: what lies between is applied as a whole or not at all. */
void nft_batch_edge(struct netlink_request *r, uint16_t type);
void nft_table(struct netlink_request *r);
void nft_chain(struct netlink_request *r, const char *name, const char *type, uint32_t hook, int priority);

/* Starts a rule at the end of a chain; the expressions that follow belong to it until nft_rule_end. */
size_t nft_rule(struct netlink_request *r, const char *chain);
void nft_rule_end(struct netlink_request *r, size_t rule);

/* Into the register: a key of enum nft_meta_keys, bytes of the packet, a port. */
void nft_load_meta(struct netlink_request *r, uint32_t key);
void nft_load_payload(struct netlink_request *r, uint32_t base, uint32_t offset, uint32_t length);
void nft_load_port(struct netlink_request *r, uint16_t port);

/* Leaves the rule unless the register compares (enum nft_cmp_ops) to the value. */
void nft_compare(struct netlink_request *r, uint32_t operation, const void *value, size_t length);

/* What the rule does; the port is taken from the register. */
void nft_tproxy(struct netlink_request *r, uint32_t family);
void nft_redirect(struct netlink_request *r);
void nft_accept(struct netlink_request *r);

#endif
