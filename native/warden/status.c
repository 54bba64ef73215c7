/* A thread's number in, lines of its procfs files out. */
#define _GNU_SOURCE
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t status_read_file(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size_t have = 0;
	ssize_t n;
	while (have < size - 1 && (n = read(fd, buffer + have, size - 1 - have)) > 0)
		have += (size_t)n;
	close(fd);
	buffer[have] = '\0';
	return (ssize_t)have;
}

bool status_read(pid_t tid, char *buffer, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/status", tid);
	return status_read_file(path, buffer, size) > 0;
}

const char *status_field(const char *status, const char *key)
{
	const char *at = strstr(status, key);
	return at ? at + strlen(key) : NULL;
}

uint32_t status_last_number(const char *line)
{
	uint32_t value = 0;

	for (; *line && *line != '\n'; line++) {
		if (*line == '\t' || *line == ' ')
			value = 0;
		else
			value = value * 10 + (uint32_t)(*line - '0');
	}
	return value;
}

uint32_t process_inner_tid(pid_t tid)
{
	char status[4096];

	if (!status_read(tid, status, sizeof status))
		return 0;
	const char *numbers = status_field(status, "\nNSpid:");
	return numbers ? status_last_number(numbers) : 0;
}

mode_t process_umask(pid_t tid)
{
	char status[4096];

	if (!status_read(tid, status, sizeof status))
		return 077;
	const char *text = status_field(status, "\nUmask:\t");
	return text ? (mode_t)strtoul(text, NULL, 8) & 0777 : 077;
}
