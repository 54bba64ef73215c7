/* A program names the file that the kernel maps beside it and jumps to (PT_INTERP, elf(5)): any file, also one that the
 * caller may neither read nor run. The mappings are looked at when they stand, so the name cannot be changed after it
 * was judged. And a dynamic loader can be run by itself, to run what it is told to (ld.so(8)).
 */
#define _GNU_SOURCE
#include "loader.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "binary.h"
#include "content.h"

static bool may_read(const struct call *c, const char *path)
{
	struct operation op = {
		.kind = WIRE_OP_OPEN,
		.actions = WIRE_READ,
		.path = path,
		.length = (uint32_t)strlen(path),
	};
	bool allowed = call_judge(c, &op, TABLE_FILE);

	if (op.judgement.denied)
		call_record(c, &op, allowed ? 0 : EACCES);
	return allowed;
}

/* A program as another's loader runs, so it is judged as a program. What cannot be looked at does not run. */
static bool may_run(const struct call *c, const char *path, unsigned long inode)
{
	struct object o;
	bool allowed = false;

	if (resolve(c, AT_FDCWD, path, 0, &o))
		return false;
	int fd = open(object_handle(o.fd).path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0) {
		allowed = o.stat.st_ino == inode && loader_may_open(c, &o, path, fd);
		close(fd);
	}
	object_close(&o);
	return allowed;
}

#define SEGMENTS_MAX 64

/* The file a 64-bit program names as its loader; "" when it names none. */
static void read_loader_name(int fd, char *name, size_t size)
{
	Elf64_Ehdr head;
	Elf64_Phdr segments[SEGMENTS_MAX];

	*name = '\0';
	if (pread(fd, &head, sizeof head, 0) != sizeof head || memcmp(head.e_ident, ELFMAG, SELFMAG) ||
	    head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_phentsize != sizeof *segments)
		return;
	size_t count = head.e_phnum < SEGMENTS_MAX ? head.e_phnum : SEGMENTS_MAX;
	if (pread(fd, segments, count * sizeof *segments, (off_t)head.e_phoff) != (ssize_t)(count * sizeof *segments))
		return;
	for (size_t i = 0; i < count; i++) {
		size_t length = segments[i].p_filesz;
		if (segments[i].p_type != PT_INTERP)
			continue;
		if (length < size && pread(fd, name, length, (off_t)segments[i].p_offset) == (ssize_t)length)
			name[length] = '\0';
		else
			*name = '\0';
		return;
	}
}

void loader_ask(const struct call *c, const struct object *program)
{
	char name[PATH_MAX];
	struct object loader;
	int fd = open(object_handle(program->fd).path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return;
	read_loader_name(fd, name, sizeof name);
	close(fd);
	if (!*name || resolve(c, AT_FDCWD, name, 0, &loader))
		return;
	struct operation op = {
		.kind = WIRE_OP_OPEN,
		.actions = WIRE_READ,
		.path = loader.path,
		.length = loader.length,
	};
	call_judge(c, &op, TABLE_FILE);
	object_close(&loader);
}

bool loader_is_permitted(const struct call *c, pid_t pid)
{
	char name[64], program[PATH_MAX], line[PATH_MAX + 128], last[PATH_MAX] = "";
	bool permitted = true;
	/* The new program stands: nothing can be laid aside any more, so what a person would be asked is refused. */
	struct call over = *c;

	over.aside = NULL;

	snprintf(name, sizeof name, "/proc/%d/exe", pid);
	ssize_t n = readlink(name, program, sizeof program - 1);
	snprintf(name, sizeof name, "/proc/%d/maps", pid);
	FILE *maps = n < 0 ? NULL : fopen(name, "re");
	if (!maps)
		return false;
	program[n] = '\0';
	while (permitted && fgets(line, sizeof line, maps)) {
		char *path = strchr(line, '/');
		unsigned long inode = 0;
		if (!path)
			continue; /* no file: stack, vdso */
		path[strcspn(path, "\n")] = '\0';
		if (!strcmp(path, program) || !strcmp(path, last))
			continue;
		/* proc_pid_maps(5). A line feed in a name is written \012, and so is that text itself: it cannot be
		 * told which. */
		permitted = sscanf(line, "%*s %*s %*s %*s %lu", &inode) == 1 && !strstr(path, "\\012") &&
			    may_read(&over, path) && may_run(&over, path, inode);
		snprintf(last, sizeof last, "%s", path);
	}
	fclose(maps);
	return permitted;
}

/* The arguments from that name on: what comes before is the loader's own. */
static const char *arguments_from(const char *path, const char *argv, size_t length)
{
	for (const char *at = argv; at < argv + length; at += strlen(at) + 1)
		if (!strcmp(at, path))
			return at;
	return argv;
}

/* The digest of a file that may be written while it runs would say nothing. */
static bool read_digest(int fd, uint8_t digest[static SHA256_BYTES])
{
	return content_is_settled(fd, getuid()) && content_digest(object_handle(fd).path, getuid(), digest) == 0;
}

bool loader_may_open(const struct call *c, const struct object *o, const char *path, int fd)
{
	struct operation op = { .kind = WIRE_OP_EXEC, .actions = 1, .path = o->path, .length = o->length };
	uint8_t digest[SHA256_BYTES];
	char name[64];
	bool allowed = false;

	if (binary_read(fd) != BINARY_PROGRAM)
		return true;
	char *argv = malloc(WIRE_ARGV_MAX);
	if (!argv)
		return false;
	snprintf(name, sizeof name, "/proc/%d/cmdline", c->tid);
	ssize_t length = status_read_file(name, argv, WIRE_ARGV_MAX);
	if (length > 0) {
		op.path2 = arguments_from(path, argv, (size_t)length);
		op.length2 = (uint32_t)(argv + length - op.path2);
	}
	op.sha256 = content_required() && read_digest(fd, digest) ? digest : NULL;
	if (o->unnamed || (content_required() && !op.sha256))
		op.judgement = decide_refusal(op.actions);
	else
		allowed = call_judge(c, &op, TABLE_EXEC);
	call_record(c, &op, allowed ? 0 : EACCES);
	free(argv);
	return allowed;
}
