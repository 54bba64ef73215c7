/* technique: gives all of its process group the idle class of I/O, leash and the shell's job among them
 * source: ioprio_set(2): IOPRIO_WHO_PGRP and 0 mean the caller's own group, as in setpriority(2)
 * success: another I/O priority of the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <linux/ioprio.h>

int main(void)
{
	return syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, 0, IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT) ? failed("ioprio_set") : 0;
}
