/* The sandbox as a child process: started, released, signalled, waited for. */
#ifndef WARDEN_SANDBOX_H
#define WARDEN_SANDBOX_H

#include <stdint.h>
#include <sys/types.h>

/* Runs `argv` (bubblewrap and its arguments) with the entry socket as descriptor 3. Returns its pid, or -errno. */
pid_t sandbox_start(char *const argv[], int *entry_socket);

/* The host's number of the entry process, later the agent. */
pid_t sandbox_agent(void);

/* Handles one message of the entry. 1: go on, 0: the entry has become the agent, or -errno after a fault was reported.
 */
int sandbox_message(int entry_socket, int channel);

/* Answers ENTRY_GO. */
int sandbox_release(int entry_socket);

/* The shell's view of a wait status: exit code, or 128 + signal. */
int32_t sandbox_status(int status);

#endif
