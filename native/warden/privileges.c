/* With root's file capabilities gone, an open done here succeeds exactly when it would have for the agent, whose uid is
 * the same. */
#define _GNU_SOURCE
#include "privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int privileges_drop(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].permitted &= 1u << CAP_SYS_PTRACE | 1u << CAP_KILL;
	data[1].permitted = 0;
	for (unsigned i = 0; i < 2; i++) {
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return (int)syscall(SYS_capset, &header, data);
}
