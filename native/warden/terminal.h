/* The user's terminal is the agent's own while it runs; afterwards it must be as it was. */
#ifndef WARDEN_TERMINAL_H
#define WARDEN_TERMINAL_H

void terminal_save(void);
void terminal_restore(void);

#endif
