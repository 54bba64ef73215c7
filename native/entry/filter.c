/* Assembles the seccomp filter from the table of syscalls.h and installs it; its notification descriptor leaves. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/ioprio.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter_socket.h"
#include "ioctl.h"
#include "program.h"
#include "syscalls.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "syscalls.h covers x86_64 and aarch64"
#endif

#define X32_BIT 0x40000000u
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ERRNO(error) (SECCOMP_RET_ERRNO | (error))
#define ALLOW SECCOMP_RET_ALLOW
#define NOTIFY SECCOMP_RET_USER_NOTIF

static const uint32_t namespaces =
	CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

static void refuse_other_architectures(struct program *p)
{
	program_load(p, offsetof(struct seccomp_data, arch));
	program_return_unless(p, BPF_JEQ, NATIVE_ARCHITECTURE, SECCOMP_RET_KILL_PROCESS);
	program_load(p, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	/* Numbers with the sign bit, -1 among them, are no call in any table; below them the x32 bit is one. */
	program_return_when(p, BPF_JGE, 2 * X32_BIT, ERRNO(ENOSYS));
	program_return_when(p, BPF_JGE, X32_BIT, SECCOMP_RET_KILL_PROCESS);
#endif
	program_return_when(p, BPF_JGT, SYSCALL_NEWEST, ERRNO(ENOSYS));
}

static void test_fastopen(struct program *p, unsigned flags_index)
{
	program_load_argument(p, flags_index);
	program_return_when(p, BPF_JSET, MSG_FASTOPEN, ERRNO(EOPNOTSUPP));
}

static void test_destination(struct program *p)
{
	test_fastopen(p, 3);
	program_load_argument_high(p, 4);
	program_return_unless(p, BPF_JEQ, 0, NOTIFY);
	program_load_argument(p, 4);
	program_return_unless(p, BPF_JEQ, 0, NOTIFY);
	program_return(p, ALLOW);
}

static void test_personality(struct program *p)
{
	static const uint32_t safe[] = { PER_LINUX, PER_LINUX32, UNAME26, PER_LINUX32 | UNAME26, 0xffffffff };

	program_load_argument(p, 0);
	for (size_t i = 0; i < COUNT(safe); i++)
		program_return_when(p, BPF_JEQ, safe[i], ALLOW);
	program_return(p, NOTIFY);
}

/* A program that sets its limit of core dumps to zero, as those with secrets do, is told that it has. */
static void test_limit(struct program *p, unsigned index)
{
	if (index == 1) { /* prlimit64: without a new limit it only reads */
		program_load_argument_high(p, 2);
		uint16_t low = program_when(p, BPF_JEQ, 0);
		program_load_argument(p, 2);
		program_return_when(p, BPF_JEQ, 0, ALLOW);
		program_end(p, low);
	}
	program_load_argument(p, index);
	program_return_when(p, BPF_JEQ, RLIMIT_CORE, ERRNO(0));
	program_return_when(p, BPF_JEQ, RLIMIT_LOCKS, NOTIFY);
	program_return(p, ALLOW);
}

/* With 0 for a number these mean the caller's group, of which members outside the pid namespace count: set_one_prio()
 * and ioprio_set() walk it by task_pgrp(). The kernel's own name for `which` differs from call to call.
 */
static void test_own_group(struct program *p, uint32_t which)
{
	program_load_argument(p, 0);
	program_return_unless(p, BPF_JEQ, which, ALLOW);
	program_load_argument(p, 1);
	program_return_when(p, BPF_JEQ, 0, NOTIFY);
	program_return(p, ALLOW);
}

static void test_bits(struct program *p, unsigned index, uint32_t bits)
{
	program_load_argument(p, index);
	program_return_when(p, BPF_JSET, bits, NOTIFY);
	program_return(p, ALLOW);
}

/* The lowest byte of clone's flags is the exit signal; of unshare's it holds CLONE_NEWTIME. */
static void test_namespaces(struct program *p, int number)
{
	if (number == SYS_unshare) {
		test_bits(p, 0, namespaces | CLONE_NEWTIME);
		return;
	}
	program_load_argument(p, 0);
	program_return_when(p, BPF_JSET, namespaces, NOTIFY);
	program_return_when(p, BPF_JSET, CLONE_THREAD, ALLOW);
	program_return_when(p, BPF_JSET, CLONE_FILES, NOTIFY);
	program_return(p, ALLOW);
}

static void answer(struct program *p, const struct syscall_row *row)
{
	switch (row->condition) {
	case WHEN_ALWAYS:
		program_return(p, row->treatment == SYSCALL_QUIET ? ERRNO(ENOSYS) : NOTIFY);
		break;
	case WHEN_DESTINATION:
		test_destination(p);
		break;
	case WHEN_MESSAGE_ARG2:
	case WHEN_MESSAGE_ARG3:
		test_fastopen(p, row->condition == WHEN_MESSAGE_ARG2 ? 2 : 3);
		program_return(p, NOTIFY);
		break;
	case WHEN_SOCKET_UNLISTED:
		filter_socket(p);
		break;
	case WHEN_PAIR_UNLISTED:
		filter_socketpair(p);
		break;
	case WHEN_IOCTL_UNSAFE:
		ioctl_test(p);
		break;
	case WHEN_NAMESPACE:
		test_namespaces(p, row->number);
		break;
	case WHEN_LISTENER:
		test_bits(p, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);
		break;
	case WHEN_LINE_ARG0:
	case WHEN_LINE_ARG1:
		test_limit(p, row->condition == WHEN_LINE_ARG0 ? 0 : 1);
		break;
	case WHEN_GROUP_PRIORITY:
		test_own_group(p, PRIO_PGRP);
		break;
	case WHEN_GROUP_IO:
		test_own_group(p, IOPRIO_WHO_PGRP);
		break;
	case WHEN_PERSONA_UNSAFE:
		test_personality(p);
		break;
	}
}

static void assemble(struct program *p)
{
	refuse_other_architectures(p);
	for (size_t i = 0; i < SYSCALL_ROWS; i++) {
		uint16_t row = program_when(p, BPF_JEQ, (uint32_t)syscall_table[i].number);
		answer(p, &syscall_table[i]);
		program_end(p, row);
	}
	program_return(p, ALLOW);
}

int filter_install(int *listener, struct failure *failure)
{
	static struct program program;
	const unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

	assemble(&program);
	if (program.overflow)
		return failed(failure, -E2BIG, "assembling the seccomp filter");
	struct sock_fprog load = { .len = program.length, .filter = program.code };
	*listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &load);
	if (*listener < 0)
		return failed(failure, -errno, "installing the seccomp filter (needs Linux 5.19 or later)");
	return 0;
}
