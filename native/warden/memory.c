/* Reads and writes the agent's memory with process_vm_readv(2) and its sibling; a cached /proc/pid/mem descriptor would
 * be stale after execve. */
#define _GNU_SOURCE
#include "memory.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#define PAGE 4096u

int memory_read(pid_t tid, uint64_t address, void *buffer, size_t length)
{
	struct iovec local = { buffer, length };
	struct iovec remote = { (void *)(uintptr_t)address, length };
	ssize_t n = process_vm_readv(tid, &local, 1, &remote, 1, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == length ? 0 : -EFAULT;
}

int memory_write(pid_t tid, uint64_t address, const void *buffer, size_t length)
{
	struct iovec local = { (void *)(uintptr_t)buffer, length };
	struct iovec remote = { (void *)(uintptr_t)address, length };
	ssize_t n = process_vm_writev(tid, &local, 1, &remote, 1, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == length ? 0 : -EFAULT;
}

ssize_t memory_string(pid_t tid, uint64_t address, char *buffer, size_t size)
{
	size_t have = 0;

	while (have < size) {
		/* Up to the next page boundary: the string may end just before an unmapped page. */
		size_t chunk = PAGE - (size_t)((address + have) % PAGE);
		if (chunk > size - have)
			chunk = size - have;
		int error = memory_read(tid, address + have, buffer + have, chunk);
		if (error)
			return error;
		char *end = memchr(buffer + have, '\0', chunk);
		if (end)
			return end - buffer;
		have += chunk;
	}
	return -ENAMETOOLONG;
}
