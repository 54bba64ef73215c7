/* The memory of a process tree without a control group. Two sums: what each process says it has of its own, which
 * counts a page once for each process that shares it after a fork; and only when that is too much the proportional
 * share (PSS), which is exact and costs a walk through the page tables. What no process has mapped is in neither: files
 * in the sandbox's temporary folders, a memfd that is only held, what the kernel keeps for sockets and pipes.
 * Source: proc_pid_status(5), proc_pid_smaps(5).
 */
#define _GNU_SOURCE
#include "footprint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "records.h"
#include "sandbox.h"
#include "status.h"

#define STEP_NS 50000000L /* between two looks, at least */
#define REST 9		  /* times the duration of a look */
#define SECOND_NS 1000000000L

static int procfs = -1; /* the sandbox's own: its numbers, and nothing else */
static pid_t sandbox;
static uint64_t most;

static ssize_t read_of(const char *pid, const char *name, char *buffer, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "%s/%s", pid, name);
	int fd = openat(procfs, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, buffer, size - 1);
	close(fd);
	buffer[n > 0 ? n : 0] = '\0';
	return n;
}

static uint64_t kibibytes(const char *text, const char *key)
{
	const char *value = status_field(text, key);

	return value ? strtoull(value, NULL, 10) << 10 : 0;
}

static uint64_t own_pages(const char *pid)
{
	char text[4096];

	if (read_of(pid, "status", text, sizeof text) <= 0)
		return 0; /* it ended */
	return kibibytes(text, "\nRssAnon:") + kibibytes(text, "\nRssShmem:") + kibibytes(text, "\nVmSwap:") +
	       kibibytes(text, "\nVmPTE:");
}

/* The share of what is not backed by files. What may not be asked counts in full. */
static uint64_t proportional_pages(const char *pid)
{
	char text[4096];

	if (read_of(pid, "smaps_rollup", text, sizeof text) <= 0)
		return own_pages(pid);
	return kibibytes(text, "\nPss_Anon:") + kibibytes(text, "\nPss_Shmem:") + kibibytes(text, "\nSwapPss:");
}

static uint64_t sum(uint64_t (*pages_of)(const char *pid))
{
	int copy = openat(procfs, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	uint64_t total = 0;

	if (!directory)
		return 0; /* the namespace is gone */
	for (struct dirent *d; (d = readdir(directory));)
		if (d->d_name[0] >= '1' && d->d_name[0] <= '9')
			total += pages_of(d->d_name);
	closedir(directory);
	return total;
}

static bool is_too_much(void)
{
	return sum(own_pages) > most && sum(proportional_pages) > most;
}

static long since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * SECOND_NS + now.tv_nsec - start->tv_nsec;
}

static void *watch(void *unused)
{
	(void)unused;
	for (;;) {
		struct timespec start;
		clock_gettime(CLOCK_MONOTONIC, &start);
		if (is_too_much())
			break;
		long rest = REST * since(&start);
		if (rest < STEP_NS)
			rest = STEP_NS;
		struct timespec pause = { .tv_sec = rest / SECOND_NS, .tv_nsec = rest % SECOND_NS };
		nanosleep(&pause, NULL);
	}
	records_fault(WIRE_FAULT_MEMORY, 0, "the memory limit was exceeded");
	sandbox_kill(sandbox);
	return NULL;
}

int footprint_watch(pid_t agent, pid_t leader, uint64_t limit)
{
	char path[64];
	pthread_t thread;

	snprintf(path, sizeof path, "/proc/%d/root/proc", agent);
	procfs = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (procfs < 0)
		return -errno;
	sandbox = leader;
	most = limit;
	int error = pthread_create(&thread, NULL, watch, NULL);
	if (!error)
		pthread_detach(thread);
	return -error;
}
