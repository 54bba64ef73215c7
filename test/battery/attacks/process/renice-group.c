/* technique: makes all of its process group wait for everybody else, leash and the shell's job among them
 * source: setpriority(2): PRIO_PGRP and 0 mean the caller's own group, whose members outside the PID namespace count
 * success: another nice value of the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <sys/resource.h>

int main(void)
{
	return setpriority(PRIO_PGRP, 0, 19) ? failed("setpriority") : 0;
}
