/* With root's file capabilities gone, an open done here succeeds exactly when it would have for the agent, whose uid is
 * the same. */
#define _GNU_SOURCE
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OVER_PROCESSES (1u << CAP_SYS_PTRACE | 1u << CAP_KILL)
#define OVER_ITSELF (1u << CAP_SETUID | 1u << CAP_SETGID)
/* For SO_MARK on the agent's sockets. The network of bubblewrap's sandbox belongs to a user namespace of the warden's
 * own user; that of root's container to the machine's, where it takes a capability. */
#define OVER_MARKS (1u << CAP_NET_RAW)

static int keep_only(unsigned capabilities)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].permitted &= capabilities;
	data[1].permitted = 0;
	for (unsigned i = 0; i < 2; i++) {
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return (int)syscall(SYS_capset, &header, data);
}

int privileges_drop(void)
{
	return keep_only(OVER_PROCESSES);
}

int privileges_drop_all(void)
{
	return keep_only(0);
}

int privileges_drop_later(void)
{
	return keep_only(OVER_PROCESSES | OVER_ITSELF | OVER_MARKS);
}

/* The kernel forgets whom a process that becomes another dies with (commit_creds()), and lets nobody of the new user
 * look into it. */
int privileges_become(uid_t uid, gid_t gid)
{
	pid_t parent = getppid();

	if (geteuid() != 0)
		return uid == geteuid() ? 0 : -EPERM;
	if (setgroups(0, NULL) || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid) || prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) || keep_only(OVER_PROCESSES | OVER_MARKS) ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -errno;
	return getppid() == parent ? 0 : -ESRCH;
}
