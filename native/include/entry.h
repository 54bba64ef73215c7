/* What leash-entry (inside the sandbox) and leash-warden (outside) say to each other on a SOCK_SEQPACKET pair.
 *
 *   entry  -> warden   ENTRY_LISTENERS  + 4 descriptors: TCP IPv4, TCP IPv6, UDP IPv4, UDP IPv6
 *   warden -> entry    ENTRY_GO         the manager serves the listeners and the policy table is loaded
 *   entry  -> warden   ENTRY_FILTER     + 1 descriptor: the seccomp notification descriptor; the filter is in force
 *   warden -> entry    ENTRY_GO         notifications are being answered
 *   entry  -> warden   end of file      execve succeeded (the socket is close-on-exec)
 *   entry  -> warden   ENTRY_FAILED     at any point; entry then exits
 */
#ifndef LEASH_ENTRY_H
#define LEASH_ENTRY_H

#include <stdint.h>

enum entry_type { ENTRY_LISTENERS = 1, ENTRY_FILTER = 2, ENTRY_FAILED = 3, ENTRY_GO = 4 };

enum entry_step {
	ENTRY_STEP_NETWORK = 1,
	ENTRY_STEP_LANDLOCK = 2,
	ENTRY_STEP_PRIVILEGES = 3,
	ENTRY_STEP_FILTER = 4,
	ENTRY_STEP_EXEC = 5,
};

struct entry_message {
	uint32_t type;	       /* enum entry_type */
	uint32_t step;	       /* enum entry_step, of ENTRY_FAILED */
	int32_t error;	       /* errno, of ENTRY_FAILED */
	uint32_t landlock_abi; /* of ENTRY_FILTER: 0 when the kernel has no Landlock */
	char text[112];	       /* of ENTRY_FAILED: what was tried, NUL-terminated */
};

/* The port the transparent TCP listeners and the resolver use inside the sandbox. */
#define ENTRY_TCP_PORT 15001
#define ENTRY_DNS_PORT 53

#endif
