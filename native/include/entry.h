/* What leash-entry (inside the sandbox) and leash-warden (outside) say to each other on a SOCK_SEQPACKET pair, or on a
 * connection to a socket that the warden listens at (a container engine hands no descriptor on).
 *
 *   warden -> entry    ENTRY_STREAMS    on such a connection only, first, + 2 or 5 descriptors: a pipe that ends
 *                                       with the warden, one to be read to its end, and the agent's three standard
 *                                       streams unless the engine's terminal serves as them. What is read are texts,
 *                                       each with its NUL, in three lists, each ended by an empty text: the image's
 *                                       user and links to make (`TARGET:PLACE`); the agent's environment; copies of
 *                                       files in its home, of each its path below it and its content
 *                    ENTRY_TERMINAL   the same with 5, where the streams are a terminal that the warden made: it
 *                                       becomes the controlling one of the agent's session (TIOCSCTTY)
 *   entry  -> warden   ENTRY_LISTENERS  + 8 descriptors: TCP IPv4, TCP IPv6, DNS IPv4, DNS IPv6, which the
 *                                       manager serves; UDP IPv4, UDP IPv6, replies IPv4, replies IPv6 (lib/datagram.h)
 *   warden -> entry    ENTRY_GO         the manager serves the listeners and the policy table is loaded
 *   entry  -> warden   ENTRY_FILTER     the filter is in force; sendmsg(2) already waits for the warden, so it
 *                                       takes the notification descriptor itself (pidfd_getfd)
 *   warden -> entry    ENTRY_GO         notifications are being answered; with it may come the starter's socket
 *   entry  -> warden   end of file      execve succeeded (the socket is close-on-exec)
 *   entry  -> warden   ENTRY_FAILED     at any point; entry then exits
 */
#ifndef LEASH_ENTRY_H
#define LEASH_ENTRY_H

#include <stdint.h>

enum entry_type {
	ENTRY_LISTENERS = 1,
	ENTRY_FILTER = 2,
	ENTRY_FAILED = 3,
	ENTRY_GO = 4,
	ENTRY_STREAMS = 5,
	ENTRY_TERMINAL = 6
};

enum entry_step {
	ENTRY_STEP_NETWORK = 1,
	ENTRY_STEP_LANDLOCK = 2,
	ENTRY_STEP_PRIVILEGES = 3,
	ENTRY_STEP_FILTER = 4,
	ENTRY_STEP_EXEC = 5,
	ENTRY_STEP_REVIEW = 6,
};

struct entry_message {
	uint32_t type;	       /* enum entry_type */
	uint32_t step;	       /* enum entry_step, of ENTRY_FAILED */
	int32_t error;	       /* errno, of ENTRY_FAILED */
	uint32_t landlock_abi; /* of ENTRY_FILTER: 0 when the kernel has no Landlock */
	int32_t listener;      /* of ENTRY_FILTER: the notification descriptor, as entry numbers it */
	uint32_t umask;	       /* of ENTRY_STREAMS and ENTRY_TERMINAL: the person's, which the agent has */
	char text[108];	       /* of ENTRY_FAILED: what was tried, NUL-terminated */
};

/* Where the layers of what is under review are while leash-entry needs them: a folder a number, with `lower`,
 * `own/upper` and `own/work`. src/sandbox/own-folder.ts has it too. */
#define ENTRY_CHANGES "/run/leash/changes"

/* Order of the descriptors of ENTRY_STREAMS; the last three are standard input, output and error. */
enum entry_stream { ENTRY_LIFELINE, ENTRY_ENVIRONMENT, ENTRY_STANDARD, ENTRY_STREAMS_MAX = ENTRY_STANDARD + 3 };

/* The starter is a process that leash-entry forks when it is confined, and before it becomes the agent: it holds what
 * the agent holds, no more, and starts what a person outside asks for. On its own SOCK_SEQPACKET pair:
 *
 *   warden -> starter  STARTER_RUN      + 3 descriptors: the standard streams; then `words` texts, each with its
 *                                       NUL: the value of TERM or "", and the command
 *   warden -> starter  STARTER_SIGNAL   to the process group of a command
 *   starter -> warden  STARTER_FAILED   the command could not be executed; STARTER_ENDED follows
 *   starter -> warden  STARTER_ENDED    the command is over
 */
enum starter_type { STARTER_RUN = 1, STARTER_SIGNAL = 2, STARTER_FAILED = 3, STARTER_ENDED = 4 };

struct starter_message {
	uint32_t type;
	uint32_t id;
	int32_t value; /* RUN: 1 with a terminal; SIGNAL: its number; FAILED: errno; ENDED: wait status */
	uint32_t words;
};
#define STARTER_BYTES_MAX (96u << 10) /* a message has to fit into a socket's buffer: net.core.wmem_default */
#define STARTER_COMMANDS_MAX 16

/* The ports that the transparent listeners and the resolver use inside the sandbox. */
#define ENTRY_TCP_PORT 15001
#define ENTRY_UDP_PORT 15001
#define ENTRY_DNS_PORT 53

/* On packets of Leash's own sockets inside the sandbox, so that what they answer is not captured in turn; to set one
 * takes a capability that the agent has not (SO_MARK, socket(7)). */
#define ENTRY_MARK 0x6c656173u

#endif
