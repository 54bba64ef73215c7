/* The umask of the person, for what the agent makes. */
#ifndef WARDEN_UMASK_H
#define WARDEN_UMASK_H

#include <stdbool.h>

/* From here on the warden has none: it applies the agent's own, call by call. */
void umask_take(bool is_engine);

/* What builds the sandbox gets it, but for what a folder's owner needs; an engine has its own. */
void umask_give(void);

#endif
