/* Every system call that is not simply allowed, and how it is treated. The filter (entry/filter.c) is assembled from
 * this table, row by row; the warden asks it whether a call it was notified of must be refused, and for its name. A
 * call in no row is allowed; a number above SYSCALL_NEWEST does not exist inside the sandbox.
 */
#ifndef LEASH_SYSCALLS_H
#define LEASH_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>

enum syscall_treatment {
	SYSCALL_MEDIATED, /* the warden decides by policy */
	SYSCALL_REFUSED,  /* the warden answers EPERM, whatever the policy says, and reports it */
	SYSCALL_QUIET,	  /* the filter answers, ENOSYS unless the condition names another errno; nobody is told */
};

/* Which arguments make a call fall under its row; otherwise it is allowed. entry/filter.c has the tests. */
enum syscall_condition {
	WHEN_ALWAYS,
	WHEN_DESTINATION,     /* sendto: an address is given. With MSG_FASTOPEN: EOPNOTSUPP */
	WHEN_MESSAGE_ARG2,    /* sendmsg: but MSG_FASTOPEN connects without connect(2). EOPNOTSUPP */
	WHEN_MESSAGE_ARG3,    /* sendmmsg, likewise */
	WHEN_SOCKET_UNLISTED, /* socket: outside the families, types and protocols an agent needs. MPTCP:
				 EPROTONOSUPPORT */
	WHEN_PAIR_UNLISTED,   /* socketpair: anything but AF_UNIX */
	WHEN_IOCTL_UNSAFE,    /* ioctl: drives a terminal, or changes what was opened only for reading */
	WHEN_NAMESPACE,	      /* clone, unshare: any CLONE_NEW* flag. clone also when processes are to share their
				 descriptors: that the warden notes and lets pass (warden/descriptor_table.c) */
	WHEN_LISTENER,	      /* seccomp: SECCOMP_FILTER_FLAG_NEW_LISTENER */
	WHEN_LINE_ARG0,	      /* setrlimit: RLIMIT_LOCKS, which carries the line of descent (warden/line.c).
				 RLIMIT_CORE: 0, and nothing is done */
	WHEN_LINE_ARG1,	      /* prlimit64, likewise; reading them is harmless */
	WHEN_GROUP_PRIORITY,  /* setpriority: PRIO_PGRP of the caller's own group, which leash is in, too */
	WHEN_GROUP_IO,	      /* ioprio_set: IOPRIO_WHO_PGRP, likewise */
	WHEN_PERSONA_UNSAFE,  /* personality: anything but PER_LINUX, PER_LINUX32, UNAME26 and the query */
};

struct syscall_row {
	int number;
	const char *name;
	enum syscall_treatment treatment;
	enum syscall_condition condition;
};

/* file_setattr(2), Linux 6.17 */
#define SYSCALL_NEWEST 469

#define ROW(call, treatment, condition)                                                                                \
	{                                                                                                              \
		SYS_##call, #call, treatment, condition                                                                \
	}
/* From 424 on numbers are the same on every architecture; the kernel may know calls that the libc headers do not. */
#define NEW_ROW(number, name, treatment)                                                                               \
	{                                                                                                              \
		number, name, treatment, WHEN_ALWAYS                                                                   \
	}
#define MEDIATED(call) ROW(call, SYSCALL_MEDIATED, WHEN_ALWAYS)
#define REFUSED(call) ROW(call, SYSCALL_REFUSED, WHEN_ALWAYS)
#define QUIET(call) ROW(call, SYSCALL_QUIET, WHEN_ALWAYS)

/* Order is the order of the tests in the filter. Calls whose arguments are tested come first: the kernel answers calls
 * that are always allowed from a bitmap (seccomp_cache_prepare), so only these pay for their place.
 */
static const struct syscall_row syscall_table[] = {
	ROW(sendto, SYSCALL_MEDIATED, WHEN_DESTINATION),
	ROW(sendmsg, SYSCALL_MEDIATED, WHEN_MESSAGE_ARG2),
	ROW(sendmmsg, SYSCALL_MEDIATED, WHEN_MESSAGE_ARG3),
	ROW(ioctl, SYSCALL_REFUSED, WHEN_IOCTL_UNSAFE),
	ROW(socket, SYSCALL_REFUSED, WHEN_SOCKET_UNLISTED),
	ROW(socketpair, SYSCALL_REFUSED, WHEN_PAIR_UNLISTED),
	ROW(clone, SYSCALL_REFUSED, WHEN_NAMESPACE),
	ROW(unshare, SYSCALL_REFUSED, WHEN_NAMESPACE),
	ROW(seccomp, SYSCALL_REFUSED, WHEN_LISTENER),
	ROW(setrlimit, SYSCALL_REFUSED, WHEN_LINE_ARG0),
	ROW(prlimit64, SYSCALL_REFUSED, WHEN_LINE_ARG1),
	ROW(setpriority, SYSCALL_REFUSED, WHEN_GROUP_PRIORITY),
	ROW(ioprio_set, SYSCALL_REFUSED, WHEN_GROUP_IO),
	ROW(personality, SYSCALL_REFUSED, WHEN_PERSONA_UNSAFE),
	/* Flags and sizes behind a pointer can change after they were read; libc falls back to clone. */
	QUIET(clone3),

	/* Files: open, contents, names, attributes. */
	MEDIATED(openat),
	NEW_ROW(437, "openat2", SYSCALL_MEDIATED),
	MEDIATED(unlinkat),
	MEDIATED(renameat2),
	MEDIATED(mkdirat),
	MEDIATED(mknodat),
	MEDIATED(linkat),
	MEDIATED(symlinkat),
	MEDIATED(truncate),
	MEDIATED(fchmod),
	MEDIATED(fchmodat),
	NEW_ROW(452, "fchmodat2", SYSCALL_MEDIATED),
	MEDIATED(fchown),
	MEDIATED(fchownat),
	MEDIATED(utimensat),
	MEDIATED(setxattr),
	MEDIATED(lsetxattr),
	MEDIATED(fsetxattr),
	MEDIATED(removexattr),
	MEDIATED(lremovexattr),
	MEDIATED(fremovexattr),
#ifdef SYS_renameat
	MEDIATED(renameat),
#endif
#ifdef __x86_64__
	MEDIATED(open),
	MEDIATED(creat),
	MEDIATED(unlink),
	MEDIATED(rmdir),
	MEDIATED(rename),
	MEDIATED(mkdir),
	MEDIATED(mknod),
	MEDIATED(link),
	MEDIATED(symlink),
	MEDIATED(chmod),
	MEDIATED(chown),
	MEDIATED(lchown),
	MEDIATED(utime),
	MEDIATED(utimes),
	MEDIATED(futimesat),
#endif
	/* Programs and addresses. */
	MEDIATED(execve),
	MEDIATED(execveat),
	MEDIATED(connect),
	MEDIATED(bind),

	/* What the agent sees: mounts, roots and namespaces. */
	REFUSED(mount),
	REFUSED(umount2),
	REFUSED(pivot_root),
	REFUSED(chroot),
	REFUSED(setns),
	NEW_ROW(428, "open_tree", SYSCALL_REFUSED),
	NEW_ROW(429, "move_mount", SYSCALL_REFUSED),
	NEW_ROW(430, "fsopen", SYSCALL_REFUSED),
	NEW_ROW(431, "fsconfig", SYSCALL_REFUSED),
	NEW_ROW(432, "fsmount", SYSCALL_REFUSED),
	NEW_ROW(433, "fspick", SYSCALL_REFUSED),
	NEW_ROW(442, "mount_setattr", SYSCALL_REFUSED),
	NEW_ROW(467, "open_tree_attr", SYSCALL_REFUSED),
	/* Files without a path, or by a path nobody resolves. */
	REFUSED(open_by_handle_at),
	REFUSED(name_to_handle_at),
	REFUSED(fanotify_init),
	REFUSED(quotactl),
	NEW_ROW(443, "quotactl_fd", SYSCALL_REFUSED),
	/* Other processes. */
	REFUSED(ptrace),
	REFUSED(process_vm_readv),
	REFUSED(process_vm_writev),
	REFUSED(kcmp),
	NEW_ROW(438, "pidfd_getfd", SYSCALL_REFUSED),
	/* Kernel interfaces with a history of escapes. */
	REFUSED(bpf),
	REFUSED(perf_event_open),
	REFUSED(userfaultfd),
	REFUSED(keyctl),
	REFUSED(add_key),
	REFUSED(request_key),
	NEW_ROW(460, "lsm_set_self_attr", SYSCALL_REFUSED),
	/* The machine. */
	REFUSED(swapon),
	REFUSED(swapoff),
	REFUSED(reboot),
	REFUSED(kexec_load),
	REFUSED(kexec_file_load),
	REFUSED(init_module),
	REFUSED(finit_module),
	REFUSED(delete_module),
	REFUSED(acct),
	REFUSED(syslog),
	REFUSED(settimeofday),
	REFUSED(clock_settime),
	REFUSED(adjtimex),
	REFUSED(clock_adjtime),
	REFUSED(vhangup),
	REFUSED(nfsservctl),
#ifdef SYS_lookup_dcookie
	REFUSED(lookup_dcookie),
#endif
#ifdef __x86_64__
	REFUSED(iopl),
	REFUSED(ioperm),
#endif

	/* Programs probe for these and fall back. io_uring would perform calls that no filter sees. */
	QUIET(io_uring_setup),
	QUIET(io_uring_enter),
	QUIET(io_uring_register),
	NEW_ROW(463, "setxattrat", SYSCALL_QUIET),
	NEW_ROW(464, "getxattrat", SYSCALL_QUIET),
	NEW_ROW(465, "listxattrat", SYSCALL_QUIET),
	NEW_ROW(466, "removexattrat", SYSCALL_QUIET),
	NEW_ROW(468, "file_getattr", SYSCALL_QUIET),
	NEW_ROW(469, "file_setattr", SYSCALL_QUIET),
#ifdef __x86_64__
	QUIET(uselib),
	QUIET(modify_ldt),
#endif
};

#undef ROW
#undef NEW_ROW
#undef MEDIATED
#undef REFUSED
#undef QUIET

#define SYSCALL_ROWS (sizeof(syscall_table) / sizeof(syscall_table[0]))

static inline const struct syscall_row *syscall_row(int number)
{
	for (size_t i = 0; i < SYSCALL_ROWS; i++)
		if (syscall_table[i].number == number)
			return &syscall_table[i];
	return NULL;
}

/* For a call the warden was notified of: true when only EPERM may answer it. A call in no row is refused too. */
static inline bool syscall_is_refused(int number)
{
	const struct syscall_row *row = syscall_row(number);

	return !row || row->treatment != SYSCALL_MEDIATED;
}

static inline const char *syscall_name(int number)
{
	const struct syscall_row *row = syscall_row(number);

	return row ? row->name : "unknown";
}

#endif
