/* The person's umask in; the umask of what builds the sandbox out. */
#include "umask.h"

#include <sys/stat.h>

static mode_t mask = 022;

void umask_take(bool is_engine)
{
	mode_t own = umask(0);

	if (!is_engine)
		mask = own & 077;
}

void umask_give(void)
{
	umask(mask);
}
