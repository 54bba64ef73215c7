/* Programs of the sandbox whose streams lead to the manager: the agent of a session that is left alone, and what a
 * person outside starts beside it. */
#ifndef WARDEN_COMMANDS_H
#define WARDEN_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* `--led-terminal FD:ROWS:COLUMNS` or `--led-output FD`: where the agent's streams lead, which are made now. False when
 * `option` is none of them or `value` is wrong. */
bool commands_option(const char *option, const char *value);

/* In the child that becomes the sandbox. 0 or -errno. */
int commands_enter(void);

/* The agent's standard streams, for whoever hands them on: copies of the ends that lead to the manager, or the
 * warden's own 0, 1 and 2. */
struct commands_ends {
	bool is_terminal; /* made here, and nobody's controlling terminal */
	int fds[3];
};

/* Before `commands_begin`, which closes what it has no use for. 0 or -errno. */
int commands_lend(struct commands_ends *ends);

/* Begins to carry the agent's streams, if they lead here; from then on there are threads. Bytes go over `channel`. 0 or
 * -errno. */
int commands_begin(int channel);

/* The starter's socket is readable. */
void commands_answer(void);

/* The terminal that was made here for the programs of `session`, getsid(2), opened anew as /dev/tty of one of them;
 * from any thread. -1 with ENXIO in errno: there is none. */
int commands_open_terminal(pid_t session, int flags);

/* Called every 100 ms: what a starter that is gone had started is given up. */
void commands_check(void);

/* Orders of the manager. 0, or -1 when it is none. What cannot be done is answered by WIRE_COMMAND_ENDED. */
int commands_order(uint16_t type, const char *payload, uint32_t length);

/* What the programs have written is delivered. The sandbox is gone. */
void commands_finish(void);

#endif
