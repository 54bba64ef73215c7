/* What the warden may do beyond the agent: reach into its processes, and mark its sockets. */
#ifndef WARDEN_PRIVILEGES_H
#define WARDEN_PRIVILEGES_H

#include <sys/types.h>

/* Drops every capability but CAP_SYS_PTRACE and CAP_KILL, for good. 0 or -1 with errno. Started without capabilities,
 * it changes nothing. */
int privileges_drop(void);

/* The same, of those two as well. */
int privileges_drop_all(void);

/* The same but for marks on sockets, and for what it takes to become the agent's user, once that is known. */
int privileges_drop_later(void);

/* Becomes the agent's user, without further groups, and drops the rest. 0 or -errno: only root may become another. */
int privileges_become(uid_t uid, gid_t gid);

#endif
