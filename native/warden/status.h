/* What procfs tells of a thread (proc_pid_status(5)). */
#ifndef WARDEN_STATUS_H
#define WARDEN_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads a file of procfs, cut to `size` - 1, and ends it with NUL. Its length or -errno. */
ssize_t status_read_file(const char *path, char *buffer, size_t size);

/* Reads /proc/TID/status. False: the thread is gone. */
bool status_read(pid_t tid, char *buffer, size_t size);

/* The text after `key` ("\nUid:\t") at the start of a line, or NULL; the process's name cannot forge one, its newlines
 * are escaped. */
const char *status_field(const char *status, const char *key);

/* The last number on a line. */
uint32_t status_last_number(const char *line);

/* The number of `tid` in the agent's pid namespace, or 0. */
uint32_t process_inner_tid(pid_t tid);

/* The umask of a thread. */
mode_t process_umask(pid_t tid);

#endif
