/* A pool of threads that all wait on the notification descriptor. There is always one that listens: a handler that is
 * about to wait says so (call_may_block), and a new thread takes its place.
 */
#define _GNU_SOURCE
#include "notify.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "handlers.h"
#include "interrupt.h"
#include "question.h"
#include "resume.h"
#include "syscalls.h"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, unsigned long long)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1ull
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/* More would all wake up for each call (the kernel's wait is not exclusive), and a second one only helps when the first
 * is held up. */
#define LISTENERS_KEPT 1
#define STACK_BYTES (512u << 10)

static int listener = -1;
static atomic_int listening;
static atomic_uint handled;
static atomic_int busy; /* calls received and not yet answered and recorded */

static void dispatch(const struct call *c)
{
	switch (c->number) {
#ifdef SYS_open
	case SYS_open:
	case SYS_creat:
#endif
	case SYS_openat:
	case SYS_openat2:
		handle_open(c);
		break;
	case SYS_execve:
	case SYS_execveat:
		handle_exec(c);
		break;
	case SYS_connect:
		handle_connect(c);
		break;
	case SYS_bind:
		handle_bind(c);
		break;
	case SYS_sendto:
	case SYS_sendmsg:
	case SYS_sendmmsg:
		handle_send(c);
		break;
	case SYS_clone:
		handle_clone(c);
		break;
#ifdef SYS_unlink
	case SYS_unlink:
	case SYS_rmdir:
	case SYS_mkdir:
	case SYS_mknod:
	case SYS_symlink:
#endif
	case SYS_unlinkat:
	case SYS_mkdirat:
	case SYS_mknodat:
	case SYS_symlinkat:
		handle_entry(c);
		break;
#ifdef SYS_rename
	case SYS_rename:
	case SYS_link:
#endif
#ifdef SYS_renameat
	case SYS_renameat:
#endif
	case SYS_renameat2:
	case SYS_linkat:
		handle_rename(c);
		break;
	case SYS_truncate:
#ifdef SYS_chmod
	case SYS_chmod:
	case SYS_chown:
	case SYS_lchown:
	case SYS_utime:
	case SYS_utimes:
	case SYS_futimesat:
#endif
	case SYS_fchmod:
	case SYS_fchmodat:
	case SYS_fchmodat2:
	case SYS_fchown:
	case SYS_fchownat:
	case SYS_utimensat:
		handle_attributes(c);
		break;
	case SYS_setxattr:
	case SYS_lsetxattr:
	case SYS_fsetxattr:
	case SYS_removexattr:
	case SYS_lremovexattr:
	case SYS_fremovexattr:
		handle_xattr(c);
		break;
	default:
		/* Refused whatever the policy says, and visible. A call without a handler is refused as well. */
		call_refuse(c, WIRE_OP_SYSCALL, syscall_name(c->number), EPERM);
	}
}

static bool is_open(int number)
{
#ifdef SYS_open
	if (number == SYS_open || number == SYS_creat)
		return true;
#endif
	return number == SYS_openat || number == SYS_openat2;
}

/* True: the call is to be laid aside. */
static bool handle(struct call *c)
{
	bool aside = false;

	c->aside = &aside;
	c->process = process_get(c->tid);
	c->line = process_line(c->process);
	/* Since the call came in, another thread's execve may have ended the caller and changed the line. handle_open
	 * asks this itself, once it has read the arguments. */
	if (is_open(c->number) || call_is_alive(c->id))
		dispatch(c);
	atomic_fetch_add(&handled, 1);
	process_put(c->process);
	return aside;
}

void notify_again(struct call *c)
{
	atomic_fetch_add(&busy, 1);
	if (handle(c))
		question_lay_aside(c);
	else
		question_close(c);
	atomic_fetch_sub(&busy, 1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *listen_loop(void *unused)
{
	struct seccomp_notif request;

	(void)unused;
	for (;;) {
		memset(&request, 0, sizeof request);
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request)) {
			struct pollfd p = { .fd = listener, .events = POLLIN };
			if (errno == ENOENT && poll(&p, 1, 0) >= 0 && p.revents & POLLHUP)
				break; /* the last process of the sandbox is gone */
			if (errno == EINTR || errno == ENOENT)
				continue;
			break;
		}
		struct call c = {
			.id = request.id, .time_ns = now_ns(), .tid = (pid_t)request.pid, .number = request.data.nr
		};
		memcpy(c.arguments, request.data.args, sizeof c.arguments);
		atomic_fetch_add(&busy, 1);
		atomic_fetch_sub(&listening, 1);
		if (handle(&c))
			question_lay_aside(&c);
		atomic_fetch_sub(&busy, 1);
		if (atomic_fetch_add(&listening, 1) >= LISTENERS_KEPT) {
			atomic_fetch_sub(&listening, 1);
			return NULL;
		}
	}
	atomic_fetch_sub(&listening, 1);
	return NULL;
}

static int add_listener(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	atomic_fetch_add(&listening, 1);
	int error = pthread_create(&thread, &attributes, listen_loop, NULL);
	if (error)
		atomic_fetch_sub(&listening, 1);
	pthread_attr_destroy(&attributes);
	return -error;
}

void call_may_block(void)
{
	if (atomic_load(&listening) == 0)
		add_listener();
	resume_may_block();
}

void notify_check(void)
{
	static unsigned handled_before;
	unsigned handled_now = atomic_load(&handled);

	if (listener >= 0 && handled_now == handled_before)
		call_may_block();
	handled_before = handled_now;
}

#define FINISH_MS 3000

void notify_finish(void)
{
	for (int ms = 0; atomic_load(&busy) && ms < FINISH_MS; ms++) {
		interrupt_check();
		usleep(1000);
	}
}

int notify_start(int fd)
{
	unsigned long long flags = SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP;

	listener = fd;
	call_open_listener(fd);
	/* Linux 6.6; an older kernel answers as exactly, only slower. */
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags);
	for (int i = 0; i < LISTENERS_KEPT; i++) {
		int error = add_listener();
		if (error)
			return error;
	}
	return 0;
}
