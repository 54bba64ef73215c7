/* Tries each kernel feature in a child process, so that nothing sticks. */
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "content.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1ul << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, unsigned long long)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1ul
#endif
#define LANDLOCK_VERSION_FLAG 1u

static int in_child(int (*test)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(test());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 0;
	return WEXITSTATUS(status);
}

/* 0: none, 1: notification, 2: with WAIT_KILLABLE_RECV, 3: with synchronous wake-up. */
static int notification(void)
{
	struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 1, allow };
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	long fd =
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
	if (fd < 0) {
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
		return fd >= 0;
	}
	return ioctl((int)fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) ? 2 : 3;
}

static int user_namespace(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS) == 0;
}

int probe(void)
{
	int level = in_child(notification);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);
	static const char *const word[] = { "false", "true" };

	printf("{\"seccomp_notify\":%s,\"wait_killable\":%s,\"sync_wake_up\":%s,\"landlock_abi\":%ld,\"user_"
	       "namespaces\":%s,\"content_held\":%s}\n",
	       word[level >= 1], word[level >= 2], word[level >= 3], abi < 0 ? 0 : abi, word[in_child(user_namespace)],
	       word[content_is_held()]);
	return 0;
}
