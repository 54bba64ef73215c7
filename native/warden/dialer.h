/* Connections into the sandbox's network, for ports that are published: numbers of ports enter, connected sockets leave
 * for the manager. A process of its own, outside the sandbox's pid namespace.
 */
#ifndef WARDEN_DIALER_H
#define WARDEN_DIALER_H

#include <sys/types.h>

/* Forks it, before any thread exists. `channel` is Node's IPC channel. Its pid, or -errno. */
pid_t dialer_start(int channel);

/* 0 unless it was started. */
pid_t dialer_pid(void);

/* Puts it into the network of a socket of the sandbox, before anything of the agent's exists; it gives up every
 * capability there. 0 or -errno; 0 when there is none. */
int dialer_enter(int socket);

/* The channel is the dialer's from now on: the listeners were handed over. 0 or -errno; 0 when there is none. */
int dialer_begin(void);

#endif
