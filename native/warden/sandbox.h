/* The sandbox as a child process: started, released, signalled, waited for. */
#ifndef WARDEN_SANDBOX_H
#define WARDEN_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What builds the sandbox: bubblewrap or a container engine, with its arguments. Detached, it is in a session of its
 * own. */
struct sandbox_command {
	char *const *argv;
	bool is_detached;
};

/* Runs it in the groups of groups.h, with the entry socket as descriptor 3 unless `entry_socket` is NULL. Returns its
 * pid, or -errno. */
pid_t sandbox_start(const struct sandbox_command *command, int *entry_socket);

/* The entry process is another user's by the time it installs its filter, and the warden is to be that user, too. */
void sandbox_expect_user(void);

/* The host's number of the entry process, later the agent. */
pid_t sandbox_agent(void);

/* Handles one message of the entry. 1: go on, 0: the entry has become the agent, or -errno after a fault was reported.
 */
int sandbox_message(int entry_socket, int channel);

/* Answers ENTRY_GO. */
int sandbox_release(int entry_socket);

/* Gives up the start of a container, which may take as long as its engine likes. */
void sandbox_cancel(void);

/* Kills everything in it; what built it ends by itself then, and its status is the sandbox's. */
void sandbox_kill(pid_t sandbox);

/* Kills it, also while it is being built. */
void sandbox_end(pid_t sandbox);

/* The shell's view of a wait status: exit code, or 128 + signal. */
int32_t sandbox_status(int status);

#endif
