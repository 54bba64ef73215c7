/* What lies in the agent's memory and what procfs says of it: strings up to the edge of a mapping, argument lists,
 * names of processes made to look like other lines. The copy is the string, or an error where the kernel would give
 * one.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../warden/memory.h"
#include "../warden/program.h"
#include "../warden/status.h"

#define PAGES 4u
#define PAGE 4096u
#define MAPPED (PAGES * PAGE)
#define COPY 5000u

static char *area; /* MAPPED bytes, and then nothing */
static unsigned long strings, lists, faults, names;

void fuzz_open(char *const *files, unsigned count)
{
	(void)files;
	(void)count;
	area = mmap(NULL, MAPPED + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	require(area != MAP_FAILED && !munmap(area + MAPPED, PAGE), "no memory");
}

/* Near the end of a page, as often as not. */
static uint32_t random_place(struct random *r)
{
	if (random_one_in(r, 2))
		return random_below(r, MAPPED + 64);
	return PAGE * (random_below(r, PAGES) + 1) - random_below(r, 40);
}

static void fill(struct random *r)
{
	memset(area, 'a', MAPPED);
	for (uint32_t left = random_below(r, 12); left; left--)
		area[random_below(r, MAPPED)] = '\0';
	if (random_one_in(r, 2))
		area[MAPPED - 1] = '\0';
}

static ssize_t expected_length(uint32_t at, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (at + i >= MAPPED)
			return -EFAULT;
		if (!area[at + i])
			return (ssize_t)i;
	}
	return -ENAMETOOLONG;
}

static void copy_string(struct random *r)
{
	static char copy[COPY];
	uint32_t at = random_place(r);
	size_t size = random_below(r, COPY) + 1;

	ssize_t n = memory_string(getpid(), (uintptr_t)area + at, copy, size), expected = expected_length(at, size);
	require(n == expected || (n < 0 && expected == -ENAMETOOLONG && at + size > MAPPED - PAGE),
		"a string at %u of at most %zu: %zd, expected %zd", at, size, n, expected);
	require(n < 0 || !memcmp(copy, area + at, (size_t)n + 1), "the copy is another string");
	strings += n >= 0;
	faults += n < 0;
}

/* A list anywhere, of pointers to anywhere. */
static void copy_list(struct random *r)
{
	static struct program p;
	struct call c = { .tid = getpid() };
	uint32_t at = random_place(r), count = random_below(r, 30);

	for (uint32_t i = 0; i < count && at + 8 * (i + 1) <= MAPPED; i++) {
		uint64_t pointer = random_one_in(r, 30) ? random_next(r) : (uintptr_t)area + random_place(r);
		memcpy(area + at + 8 * i, &pointer, sizeof pointer);
	}
	if (at + 8 * (count + 1) <= MAPPED)
		memset(area + at + 8 * count, 0, 8);
	int error = program_read_argv(&c, (uintptr_t)area + at, &p);
	require(error == 0 || error == -EFAULT, "a list at %u: %d", at, error);
	require(p.argv_length <= sizeof p.argv, "%u bytes of arguments", p.argv_length);
	require(error || !p.argv_length || p.argv[p.argv_length - 1] == '\0' || p.argv_cut, "arguments without an end");
	lists += !error;
	faults += error != 0;
}

static void read_status(struct random *r)
{
	static const char *const odd[] = { "a) S 1 1", "\nNSpid:\t77", "\nUmask:\t0",  "(((",
					   ")))",      "\\n",	       "\nTgid:\t1\n", "" };
	mode_t mask = (mode_t)random_below(r, 01000);
	char name[16] = "";

	snprintf(name, sizeof name, "%s", odd[random_below(r, sizeof odd / sizeof *odd)]);
	if (random_one_in(r, 2))
		random_bytes(r, name, sizeof name - 1);
	require(!prctl(PR_SET_NAME, name), "no name");
	umask(mask);
	require(process_umask(getpid()) == mask, "the umask is another one");
	require(process_inner_tid(getpid()) == (uint32_t)getpid(), "the number is another one");
	names++;
}

void fuzz_one(struct random *r)
{
	fill(r);
	copy_string(r);
	if (random_one_in(r, 4))
		copy_list(r);
	if (random_one_in(r, 8))
		read_status(r);
}

void fuzz_close(char *summary, size_t size)
{
	munmap(area, MAPPED);
	snprintf(summary, size, "%lu strings and %lu lists copied, %lu faults, %lu names", strings, lists, faults,
		 names);
}
