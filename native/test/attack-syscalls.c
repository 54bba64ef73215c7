/* Makes, inside the sandbox, every call the filter should refuse, and the nearest ones it should not; prints `LABEL
 * ERRNO` per call, 0 for success, or `LABEL signal N`. Without an argument: all of them. With `sendto`: sends that are
 * told apart by whether they can have an address, one with a zero low half.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <linux/msdos_fs.h>
#include <linux/fsverity.h>
#include <linux/ioprio.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "syscalls.h"

static void report(const char *label, long result)
{
	printf("%s %d\n", label, result < 0 ? errno : 0);
}

/* Arguments that nothing can be done with: a descriptor, address, size and flag word of -1. */
static void try_every_row(void)
{
	for (size_t i = 0; i < SYSCALL_ROWS; i++)
		if (syscall_table[i].condition == WHEN_ALWAYS)
			report(syscall_table[i].name, syscall(syscall_table[i].number, -1L, -1L, -1L, -1L, -1L, -1L));
}

static void try_sockets(void)
{
	static const struct {
		const char *label;
		int domain, type, protocol;
	} sockets[] = {
		{ "socket:unix-stream", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0 },
		{ "socket:unix-seqpacket", AF_UNIX, SOCK_SEQPACKET, 0 },
		{ "socket:unix-dgram", AF_UNIX, SOCK_DGRAM, 0 },
		{ "socket:unix-raw", AF_UNIX, SOCK_RAW, 0 },
		{ "socket:tcp", AF_INET, SOCK_STREAM, IPPROTO_TCP },
		{ "socket:tcp6", AF_INET6, SOCK_STREAM, 0 },
		{ "socket:udp", AF_INET, SOCK_DGRAM, 0 },
		{ "socket:udp6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP },
		{ "socket:mptcp", AF_INET, SOCK_STREAM, IPPROTO_MPTCP },
		{ "socket:sctp", AF_INET, SOCK_STREAM, IPPROTO_SCTP },
		{ "socket:ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
		{ "socket:ping6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6 },
		{ "socket:raw", AF_INET, SOCK_RAW, IPPROTO_TCP },
		{ "socket:raw6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6 },
		{ "socket:route", AF_NETLINK, SOCK_RAW, 0 },
		{ "socket:audit", AF_NETLINK, SOCK_RAW, 9 },
		{ "socket:netfilter", AF_NETLINK, SOCK_RAW, 12 },
		{ "socket:packet", AF_PACKET, SOCK_RAW, 0 },
		{ "socket:alg", AF_ALG, SOCK_SEQPACKET, 0 },
		{ "socket:vsock", AF_VSOCK, SOCK_STREAM, 0 },
		{ "socket:xdp", AF_XDP, SOCK_RAW, 0 },
		{ "socket:key", AF_KEY, SOCK_RAW, 2 },
		{ "socket:smc", AF_SMC, SOCK_STREAM, 0 },
	};

	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		int fd = socket(sockets[i].domain, sockets[i].type, sockets[i].protocol);
		report(sockets[i].label, fd);
		if (fd >= 0)
			close(fd);
	}
}

static void try_pairs(void)
{
	int pair[2];

	report("socketpair:unix-stream", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	report("socketpair:unix-seqpacket", socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
	report("socketpair:unix-dgram", socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	report("socketpair:unix-raw", socketpair(AF_UNIX, SOCK_RAW, 0, pair));
	report("socketpair:tipc", socketpair(AF_TIPC, SOCK_STREAM, 0, pair));
}

static void try_fastopen(void)
{
	struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = { htonl(0x08080808) } };
	struct iovec data = { "x", 1 };
	struct mmsghdr m = {
		.msg_hdr = { .msg_name = &peer, .msg_namelen = sizeof(peer), .msg_iov = &data, .msg_iovlen = 1 }
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	report("sendto:fastopen", sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&peer, sizeof(peer)));
	report("sendmsg:fastopen", sendmsg(fd, &m.msg_hdr, MSG_FASTOPEN | MSG_NOSIGNAL));
	report("sendmmsg:fastopen", sendmmsg(fd, &m, 1, MSG_FASTOPEN));
	close(fd);
}

/* Bits above the 32 the kernel looks at must not hide a call. */
static void try_arguments(void)
{
	const unsigned long noise = 0xdead00000000ul;
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };
	int file = open("/proc/self/exe", O_RDONLY), flags = 0, available;

	report("ioctl:TIOCSTI", syscall(SYS_ioctl, 0, noise | TIOCSTI, "x"));
	report("ioctl:TIOCLINUX", syscall(SYS_ioctl, 0, noise | TIOCLINUX, "\2"));
	report("ioctl:TIOCSETD", ioctl(0, TIOCSETD, &flags));
	report("ioctl:FS_IOC_SETFLAGS", ioctl(file, FS_IOC_SETFLAGS, &flags));
	report("ioctl:FS_IOC_FSSETXATTR", ioctl(file, FS_IOC_FSSETXATTR, 0));
	report("ioctl:FS_IOC_ENABLE_VERITY", ioctl(file, FS_IOC_ENABLE_VERITY, 0));
	report("ioctl:BTRFS_IOC_SUBVOL_CREATE", ioctl(file, BTRFS_IOC_SUBVOL_CREATE, 0));
	report("ioctl:BTRFS_IOC_SUBVOL_CREATE_V2", ioctl(file, BTRFS_IOC_SUBVOL_CREATE_V2, 0));
	report("ioctl:BTRFS_IOC_SNAP_CREATE", ioctl(file, BTRFS_IOC_SNAP_CREATE, 0));
	report("ioctl:BTRFS_IOC_SNAP_CREATE_V2", ioctl(file, BTRFS_IOC_SNAP_CREATE_V2, 0));
	report("ioctl:BTRFS_IOC_SNAP_DESTROY", ioctl(file, BTRFS_IOC_SNAP_DESTROY, 0));
	report("ioctl:BTRFS_IOC_SNAP_DESTROY_V2", ioctl(file, BTRFS_IOC_SNAP_DESTROY_V2, 0));
	report("ioctl:BTRFS_IOC_SUBVOL_SETFLAGS", ioctl(file, BTRFS_IOC_SUBVOL_SETFLAGS, 0));
	report("ioctl:BTRFS_IOC_SET_RECEIVED_SUBVOL", ioctl(file, BTRFS_IOC_SET_RECEIVED_SUBVOL, 0));
	report("ioctl:FS_IOC_SETVERSION", ioctl(file, FS_IOC_SETVERSION, 0));
	report("ioctl:EXT4_IOC_SETVERSION", ioctl(file, _IOW('f', 4, long), 0));
	report("ioctl:EXT4_IOC_MIGRATE", ioctl(file, _IO('f', 9), 0));
	report("ioctl:FAT_IOCTL_SET_ATTRIBUTES", ioctl(file, FAT_IOCTL_SET_ATTRIBUTES, 0));
	report("ioctl:FS_IOC_SET_ENCRYPTION_POLICY", ioctl(file, FS_IOC_SET_ENCRYPTION_POLICY, 0));
	report("ioctl:FS_IOC_ADD_ENCRYPTION_KEY", ioctl(file, FS_IOC_ADD_ENCRYPTION_KEY, 0));
	report("ioctl:FS_IOC_REMOVE_ENCRYPTION_KEY", ioctl(file, FS_IOC_REMOVE_ENCRYPTION_KEY, 0));
	report("ioctl:FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS", ioctl(file, FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS, 0));
	report("ioctl:FIONREAD", ioctl(file, FIONREAD, &available));
	report("seccomp:listener",
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
	report("seccomp:plain", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
	report("personality:query", syscall(SYS_personality, 0xffffffff));
	report("personality:linux32", syscall(SYS_personality, 8));
	report("personality:linux", syscall(SYS_personality, 0));
	report("personality:no-randomize", syscall(SYS_personality, 0x40000));
	report("personality:read-implies-exec", syscall(SYS_personality, 0x400000));
	struct rlimit locks = { 1, RLIM_INFINITY }, files;
	report("setrlimit:locks", syscall(SYS_setrlimit, RLIMIT_LOCKS, &locks));
	report("setrlimit:locks-high", syscall(SYS_setrlimit, 0xffffffff00000000ul | RLIMIT_LOCKS, &locks));
	report("prlimit64:locks", syscall(SYS_prlimit64, 0, RLIMIT_LOCKS, &locks, NULL));
	report("prlimit64:locks-of-parent", syscall(SYS_prlimit64, getppid(), RLIMIT_LOCKS, &locks, NULL));
	struct rlimit core = { 0, 0 };
	report("setrlimit:core", syscall(SYS_setrlimit, RLIMIT_CORE, &core));
	report("prlimit64:core", syscall(SYS_prlimit64, 0, RLIMIT_CORE, &core, NULL));
	report("prlimit64:read", syscall(SYS_prlimit64, 0, RLIMIT_LOCKS, NULL, &files));
	report("prlimit64:read-files", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &files));
	report("prlimit64:files", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, NULL));
	report("setrlimit:files", syscall(SYS_setrlimit, RLIMIT_NOFILE, &files));
	report("setpriority:own-group", setpriority(PRIO_PGRP, 0, 0));
	report("setpriority:self", setpriority(PRIO_PROCESS, 0, 0));
	report("ioprio_set:own-group", syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, 0, noise));
	report("ioprio_set:self", syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, 2 << 13 | 4));
	report("unshare:files", unshare(CLONE_FILES | CLONE_FS));
	report("number:-1", syscall(-1));
	report("number:470", syscall(470));
	report("number:512", syscall(512));
}

static void try_namespaces(void)
{
	static const struct {
		const char *label;
		unsigned long flag;
	} namespaces[] = {
		{ "user", CLONE_NEWUSER },     { "mount", CLONE_NEWNS }, { "net", CLONE_NEWNET },
		{ "pid", CLONE_NEWPID },       { "ipc", CLONE_NEWIPC },	 { "uts", CLONE_NEWUTS },
		{ "cgroup", CLONE_NEWCGROUP },
	};
	char label[32];

	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		snprintf(label, sizeof(label), "clone:%s", namespaces[i].label);
		fflush(stdout);
		long pid = syscall(SYS_clone, namespaces[i].flag | SIGCHLD, 0, 0, 0, 0);
		if (!pid)
			_exit(0);
		report(label, pid);
		snprintf(label, sizeof(label), "unshare:%s", namespaces[i].label);
		report(label, unshare((int)namespaces[i].flag));
	}
	report("unshare:time", unshare(0x80));
}

#ifdef __x86_64__
static void call_i386(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(20L) : "memory"); /* getpid of the i386 table */
}

static void call_x32(void)
{
	syscall(0x40000000 | SYS_getpid);
}

static void try_signal(const char *label, void (*attack)(void))
{
	int status;

	fflush(stdout);
	pid_t pid = fork();
	if (!pid) {
		attack();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("%s signal %d\n", label, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}
#endif

/* Of other system call tables. A kernel without the i386 one answers SIGSEGV by itself. */
static void try_entry_points(void)
{
#ifdef __x86_64__
	try_signal("i386", call_i386);
	try_signal("x32", call_x32);
#endif
}

static void send_with_zero_low_half(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	report("sendto:high", syscall(SYS_sendto, fd, "x", 1, 0, 0x100000000ul, sizeof(struct sockaddr_in)));
	report("sendto:none", syscall(SYS_sendto, fd, "x", 1, 0, 0, 0));
	report("sendmsg", syscall(SYS_sendmsg, fd, 0, 0));
	report("sendmmsg", syscall(SYS_sendmmsg, fd, 0, 1, 0));
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "sendto")) {
		send_with_zero_low_half();
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "entry-points")) {
		try_entry_points();
		return 0;
	}
	try_every_row();
	try_sockets();
	try_pairs();
	try_fastopen();
	try_arguments();
	try_namespaces();
	try_entry_points();
	return 0;
}
