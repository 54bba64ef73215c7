/* Builds netlink requests in a fixed buffer and runs them (netlink(7), rtnetlink(7), nfnetlink). */
#ifndef LEASH_ENTRY_NETLINK_H
#define LEASH_ENTRY_NETLINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sequence of netlink messages; start from `{ 0 }`. A request that does not fit is remembered and refused by
 * netlink_run. */
struct netlink_request {
	size_t length;
	size_t message;		   /* offset of the message being built */
	unsigned acknowledgements; /* messages that asked for one */
	bool overflow;
	_Alignas(NLMSG_ALIGNTO) uint8_t bytes[4096];
};

/* Starts a message: netlink header, then the fixed header of the family. NLM_F_REQUEST is implied. */
void netlink_message(struct netlink_request *r, uint16_t type, uint16_t flags, const void *header, size_t length);

/* Appends an attribute to the message being built; _be32 and _be16 store network order, as nf_tables wants. */
void netlink_put(struct netlink_request *r, uint16_t type, const void *value, size_t length);
void netlink_put_string(struct netlink_request *r, uint16_t type, const char *value);
void netlink_put_u32(struct netlink_request *r, uint16_t type, uint32_t value);
void netlink_put_be32(struct netlink_request *r, uint16_t type, uint32_t value);

/* Opens a nested attribute; close it with what was returned. */
size_t netlink_nest(struct netlink_request *r, uint16_t type);
void netlink_nest_end(struct netlink_request *r, size_t nest);

/* Sends the request and reads every acknowledgement. Returns 0, or -errno of the first message the kernel refused. */
int netlink_run(const struct netlink_request *r, int protocol);

#endif
