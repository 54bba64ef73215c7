/* The agent's memory: what is read is a copy, taken once. */
#ifndef WARDEN_MEMORY_H
#define WARDEN_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Copies exactly `length` bytes. 0 or -EFAULT, -EPERM, -ESRCH. Source: process_vm_readv(2). */
int memory_read(pid_t tid, uint64_t address, void *buffer, size_t length);

/* Puts exactly `length` bytes into memory the agent can write. 0 or -EFAULT, -EPERM, -ESRCH. */
int memory_write(pid_t tid, uint64_t address, const void *buffer, size_t length);

/* Copies a C string with its NUL. Its length, or -EFAULT, -ENAMETOOLONG when it does not fit `size`. */
ssize_t memory_string(pid_t tid, uint64_t address, char *buffer, size_t size);

#endif
