/* Frames from the manager. */
#ifndef WARDEN_CONTROL_H
#define WARDEN_CONTROL_H

#include <stdbool.h>

/* Reads one frame and acts on it. 0, or -1: the manager is gone or cannot be trusted, the session must end. */
int control_read(int fd, int entry_socket);

/* A signal arrived here. From the terminal (the kernel), it went to the agent as well, which shares the terminal's
 * process group. */
void control_note_signal(int number, bool from_terminal);

/* The entry has become the agent: it gets what came for it before. */
void control_begin_agent(void);

#endif
