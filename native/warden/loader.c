/* A program names the file that the kernel maps beside it and jumps to (PT_INTERP, elf(5)): any file, also one that the
 * caller may neither read nor run. The mappings are looked at when they stand, so the name cannot be changed after it
 * was judged.
 */
#define _GNU_SOURCE
#include "loader.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

bool loader_is_permitted(const struct call *c, pid_t pid)
{
	char name[64], program[PATH_MAX], line[PATH_MAX + 128], last[PATH_MAX] = "";
	bool permitted = true;

	snprintf(name, sizeof name, "/proc/%d/exe", pid);
	ssize_t n = readlink(name, program, sizeof program - 1);
	snprintf(name, sizeof name, "/proc/%d/maps", pid);
	FILE *maps = n < 0 ? NULL : fopen(name, "re");
	if (!maps)
		return false;
	program[n] = '\0';
	while (permitted && fgets(line, sizeof line, maps)) {
		char *path = strchr(line, '/');
		if (!path)
			continue; /* no file: stack, vdso */
		path[strcspn(path, "\n")] = '\0';
		if (!strcmp(path, program) || !strcmp(path, last))
			continue;
		/* A line feed in a name is written \012, and so is that text itself: it cannot be told which. */
		permitted = !strstr(path, "\\012") && may_read(c, path);
		snprintf(last, sizeof last, "%s", path);
	}
	fclose(maps);
	return permitted;
}
