/* A call of execve in, the program it asked for out, and whether a process runs that. */
#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "binary.h"
#include "content.h"
#include "handlers.h"
#include "memory.h"

#define ARGUMENTS_MAX 4096
/* What interpreters add to the arguments of a script: at most four times two words of its first line, and its name. */
#define INTERPRETER_BYTES (8 * 256 + PATH_MAX + 32)

void program_take_image(const struct call *c, struct program *p, const struct object *o, bool hashed, bool is_loader)
{
	const struct executable e = {
		.path = o->path,
		.length = o->length,
		.digest = hashed ? p->digest : NULL,
		.is_loader = is_loader,
	};

	p->image = o->stat;
	p->has_digest = hashed;
	p->line = line_next(c->line, &e);
}

bool program_is_loader(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool loads = fd < 0 || binary_read(fd) == BINARY_SHARED;

	if (fd >= 0)
		close(fd);
	return loads;
}

int program_read_argv(const struct call *c, uint64_t address, struct program *p)
{
	uint64_t pointer;

	p->argv_length = 0;
	p->argv_cut = false;
	for (unsigned i = 0; address; i++) {
		p->argv_cut = i == ARGUMENTS_MAX;
		if (p->argv_cut)
			break;
		if (memory_read(c->tid, address + 8 * i, &pointer, sizeof pointer))
			return -EFAULT;
		if (!pointer)
			break;
		size_t room = sizeof p->argv - p->argv_length;
		ssize_t n = memory_string(c->tid, pointer, p->argv + p->argv_length, room);
		p->argv_cut = n == -ENAMETOOLONG;
		if (p->argv_cut)
			break; /* for the record */
		if (n < 0)
			return (int)n;
		p->argv_length += (uint32_t)n + 1;
	}
	/* The kernel gives a program without arguments an empty one; Linux 5.18, do_execveat_common(). */
	if (!p->argv_length && !p->argv_cut)
		p->argv[p->argv_length++] = '\0';
	return 0;
}

/* Source: alloc_bprm(), fs/exec.c. */
void program_name_script(const struct call *c, const char *path, struct program *p)
{
	int dirfd = c->number == SYS_execveat ? argument_int(c, 0) : AT_FDCWD;

	if (dirfd == AT_FDCWD || *path == '/')
		snprintf(p->name, sizeof p->name, "%s", path);
	else
		snprintf(p->name, sizeof p->name, *path ? "/dev/fd/%d/%s" : "/dev/fd/%d", dirfd, path);
}

bool program_runs(pid_t pid, const struct program *p)
{
	uint8_t digest[SHA256_BYTES];
	char path[64];
	struct stat s;

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	if (stat(path, &s) || s.st_dev != p->image.st_dev || s.st_ino != p->image.st_ino)
		return false;
	/* From here on the kernel denies writing to the file (deny_write_access()). */
	if (program_is_loader(path) != p->line->is_loader)
		return false;
	return !p->has_digest ||
	       (content_digest(path, getuid(), digest) == 0 && !memcmp(digest, p->digest, sizeof digest));
}

bool program_is_script(const struct program *p)
{
	return p->image.st_dev != p->object.stat.st_dev || p->image.st_ino != p->object.stat.st_ino;
}

static bool ends_with(const char **end, const char *start, const char *text, size_t length)
{
	if ((size_t)(*end - start) < length || memcmp(*end - length, text, length))
		return false;
	*end -= length;
	return true;
}

/* A script's arguments stand behind its interpreter's own, and its name in place of the first. Source: load_script(),
 * fs/binfmt_script.c. */
bool program_has_arguments(pid_t pid, const struct program *p)
{
	char path[64], argv[WIRE_ARGV_MAX + INTERPRETER_BYTES];

	snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size_t have = 0;
	ssize_t n;
	while (have < sizeof argv && (n = read(fd, argv + have, sizeof argv - have)) > 0)
		have += (size_t)n;
	close(fd);
	if (!program_is_script(p))
		return have == p->argv_length && !memcmp(argv, p->argv, have);
	size_t first = p->argv_length ? strnlen(p->argv, p->argv_length) + 1 : 0;
	const char *end = argv + have;
	return ends_with(&end, argv, p->argv + first, p->argv_length - first) &&
	       ends_with(&end, argv, p->name, strlen(p->name) + 1) && (end == argv || end[-1] == '\0');
}
