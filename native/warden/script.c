/* Reads a script's first line as the kernel does: to the byte, or what is judged would not be what runs. Source:
 * load_script(), fs/binfmt_script.c.
 */
#define _GNU_SOURCE
#include "script.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

int script_interpreter(const char head[static SCRIPT_HEAD], char interpreter[static SCRIPT_HEAD])
{
	const char *last = head + SCRIPT_HEAD - 1, *at = head + 2, *start;

	*interpreter = '\0';
	if (!memcmp(head, "\177ELF", 4))
		return 0;
	if (head[0] != '#' || head[1] != '!')
		return -ENOEXEC;
	const char *line = memchr(head, '\n', strnlen(head, SCRIPT_HEAD)), *end = line ? line : last;
	while (at < end && is_blank(*at))
		at++;
	start = at;
	while (at < end && !is_blank(*at) && *at)
		at++;
	/* Without a line feed, a name that goes on to the end may be cut. */
	if (at == start || (!line && at == end))
		return -ENOEXEC;
	memcpy(interpreter, start, (size_t)(at - start));
	interpreter[at - start] = '\0';
	return 0;
}
