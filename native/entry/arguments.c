/* The words of a command line enter, what they ask for leaves; or the process ends with a line on how it is called. */
#define _GNU_SOURCE
#include "arguments.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const kinds[KINDS] = { "--write", "--overlay", "--mask", "--own", "--cover" };

static _Noreturn void usage(void)
{
	fputs("usage: leash-entry --socket FD | --door PATH [--nest yes] [--processes N] "
	      "[--write|--overlay|--mask|--own PATH]... [--cover SOURCE:PLACE]... "
	      "-- command [argument]...\n",
	      stderr);
	exit(EXIT_SANDBOX);
}

static int parse_descriptor(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value <= STDERR_FILENO || value >= INT_MAX)
		usage();
	return (int)value;
}

static rlim_t parse_count(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end || !value)
		usage();
	return value;
}

static bool take_path(struct arguments *a, const char *option, char *path)
{
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (!strcmp(option, kinds[kind])) {
			a->paths[kind].list[a->paths[kind].count++] = path;
			return true;
		}
	return false;
}

struct arguments arguments_parse(int argc, char **argv)
{
	struct arguments a = { .socket = -1 };
	char **next = argv + 1;

	if (argc < 2)
		usage();
	for (unsigned kind = 0; kind < KINDS; kind++) {
		a.paths[kind].list = calloc((size_t)argc, sizeof *argv);
		if (!a.paths[kind].list)
			exit(EXIT_SANDBOX);
	}

	for (; *next && strcmp(*next, "--"); next += 2) {
		if (!next[1])
			usage();
		if (!strcmp(*next, "--socket"))
			a.socket = parse_descriptor(next[1]);
		else if (!strcmp(*next, "--processes"))
			a.processes = parse_count(next[1]);
		else if (!strcmp(*next, "--door"))
			a.door = next[1];
		else if (!strcmp(*next, "--nest"))
			a.nests = true;
		else if (!take_path(&a, *next, next[1]))
			usage();
	}
	if (!*next || !next[1] || (a.socket < 0) == !a.door || (a.nests && !a.door))
		usage();
	a.command = next + 1;
	return a;
}
