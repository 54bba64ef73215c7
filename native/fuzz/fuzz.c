/* The command line in; `fuzz_one` for each number of an input, and a count, out. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seconds in which a thousand inputs must be done: whoever takes longer found an endless loop. */
#define PATIENCE 120u
#define STEP 1000u

static uint64_t seed = 1, input;

uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t random_below(struct random *r, uint32_t limit)
{
	return limit ? (uint32_t)(random_next(r) >> 32) % limit : 0;
}

void random_bytes(struct random *r, void *bytes, size_t length)
{
	uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		at[i] = (uint8_t)random_next(r);
}

uint32_t random_length(struct random *r, uint32_t near)
{
	switch (random_below(r, 5)) {
	case 0:
		return random_below(r, 4);
	case 1:
		return (1u << random_below(r, 32)) - random_below(r, 3);
	case 2:
		return UINT32_MAX - random_below(r, 8);
	case 3:
		return (uint32_t)random_next(r);
	default:
		return near + random_below(r, 9) - 4;
	}
}

static void overwrite(struct random *r, uint8_t *bytes, size_t length)
{
	size_t size = (size_t)1 << random_below(r, 4);
	uint64_t value = random_one_in(r, 2) ? random_next(r) : random_length(r, (uint32_t)length);

	if (length < size)
		return;
	/* Fields are aligned, so most writes are. */
	size_t at = random_below(r, (uint32_t)(length - size + 1));
	memcpy(bytes + (random_one_in(r, 4) ? at : at - at % size), &value, size);
}

static void move(struct random *r, uint8_t *bytes, size_t *length, size_t capacity)
{
	size_t from = random_below(r, (uint32_t)*length), size = random_below(r, 16) + 1;

	if (size > *length - from)
		size = *length - from;
	if (random_one_in(r, 2)) {
		memmove(bytes + from, bytes + from + size, *length - from - size);
		*length -= size;
	} else if (*length + size <= capacity) {
		memmove(bytes + from + size, bytes + from, *length - from);
		*length += size;
	}
}

void mutate(struct random *r, uint8_t *bytes, size_t *length, size_t capacity)
{
	for (uint32_t left = random_below(r, 4) + 1; left && *length; left--) {
		switch (random_below(r, 5)) {
		case 0:
			bytes[random_below(r, (uint32_t)*length)] ^= (uint8_t)(1u << random_below(r, 8));
			break;
		case 1:
		case 2:
			overwrite(r, bytes, *length);
			break;
		case 3:
			*length = random_below(r, (uint32_t)*length + 1);
			break;
		default:
			move(r, bytes, length, capacity);
		}
	}
}

/* Where it happened: also called when a sanitizer ends the program. */
static void tell(void)
{
	dprintf(STDERR_FILENO, "seed %llu, input %llu\n", (unsigned long long)seed, (unsigned long long)input);
}

void fuzz_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "%s:%d: ", file, line);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	tell();
	abort();
}

static void give_up(int number)
{
	(void)number;
	tell();
	_exit(1);
}

uint8_t *fuzz_read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	long size = -1;

	if (file && !fseek(file, 0, SEEK_END))
		size = ftell(file);
	if (size <= 0)
		fuzz_fail(__FILE__, __LINE__, "%s cannot be read", path);
	uint8_t *bytes = malloc((size_t)size);
	rewind(file);
	if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size)
		fuzz_fail(__FILE__, __LINE__, "%s cannot be read", path);
	fclose(file);
	*length = (size_t)size;
	return bytes;
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	if (end == text || *end) {
		fprintf(stderr, "%s is not a whole number\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	uint64_t inputs = 1000, first = 0;
	char summary[256] = "";
	int at = 1;

	for (; at + 1 < argc && !strncmp(argv[at], "--", 2); at += 2) {
		uint64_t *option = !strcmp(argv[at], "--inputs")  ? &inputs
				   : !strcmp(argv[at], "--seed")  ? &seed
				   : !strcmp(argv[at], "--first") ? &first
								  : NULL;
		if (!option) {
			fprintf(stderr, "usage: %s --inputs N [--seed S] [--first I] [FILE…]\n", argv[0]);
			return 2;
		}
		*option = number(argv[at + 1]);
	}
	__sanitizer_set_death_callback(tell);
	signal(SIGALRM, give_up);
	fuzz_open(argv + at, (unsigned)(argc - at));
	for (input = first; input < first + inputs; input++) {
		struct random numbered = { .state = seed ^ input << 20 };
		struct random r = { .state = random_next(&numbered) };
		if (input % STEP == 0)
			alarm(PATIENCE);
		fuzz_one(&r);
	}
	alarm(0);
	fuzz_close(summary, sizeof summary);
	printf("%llu inputs from seed %llu: %s\n", (unsigned long long)inputs, (unsigned long long)seed, summary);
	return 0;
}
