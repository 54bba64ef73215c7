/* What the warden may do beyond the agent: only reach into its processes. */
#ifndef WARDEN_PRIVILEGES_H
#define WARDEN_PRIVILEGES_H

/* Drops every capability but CAP_SYS_PTRACE and CAP_KILL, for good. 0 or -1 with errno. Started without capabilities,
 * it changes nothing. */
int privileges_drop(void);

#endif
