/* The person's umask in; the umask of what builds the sandbox, and of the agent, out. */
#include "umask.h"

#include <sys/stat.h>

#define ENGINE_UMASK 022

static mode_t mask;

void umask_take(void)
{
	/* What a folder's owner needs stays. */
	mask = umask(0) & 077;
}

void umask_give(bool is_engine)
{
	umask(is_engine ? ENGINE_UMASK : mask);
}

mode_t umask_of_agent(void)
{
	return mask;
}
