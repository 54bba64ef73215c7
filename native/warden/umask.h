/* The umask of the person, for what the agent makes. */
#ifndef WARDEN_UMASK_H
#define WARDEN_UMASK_H

#include <stdbool.h>
#include <sys/types.h>

/* From here on the warden has none: it applies the agent's own, call by call. */
void umask_take(void);

/* What builds the sandbox gets it; an engine has one of its own. */
void umask_give(bool is_engine);

/* The person's, but for what a folder's owner needs. */
mode_t umask_of_agent(void);

#endif
