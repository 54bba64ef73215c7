/* Table images (table.h), nearly right: what table_verify takes is walked along paths, asked about by programs and
 * compared with itself for a move, and never leaves the image; what is cut or unsound is refused.
 *
 * Corpus: table images.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../warden/decide.h"
#include "table.h"

#define IMAGES_MAX 64u
#define PATH_BYTES 200u
#define WALKS 4u

static struct {
	uint8_t *bytes;
	size_t length;
} images[IMAGES_MAX];
static unsigned image_count;
static struct line *program;
static unsigned long sound, unsound, moves;

void fuzz_open(char *const *files, unsigned count)
{
	require(count > 0 && count <= IMAGES_MAX, "one to %u table images are needed", IMAGES_MAX);
	for (; image_count < count; image_count++) {
		uint8_t *bytes = fuzz_read_file(files[image_count], &images[image_count].length);
		images[image_count].bytes = bytes;
		require(!table_verify(bytes, (uint32_t)images[image_count].length), "%s is unsound as it is",
			files[image_count]);
	}
	program = calloc(1, sizeof *program + PATH_BYTES);
	require(program, "no memory");
}

/* Words of the policies that the images were made of, so that walks stay in the trie for some bytes. */
static uint32_t random_path(struct random *r, char path[static PATH_BYTES])
{
	static const char *const words[] = { "/home/", "/work/", "/tmp/", "/a/", "b/",	 "a",
					     ".env",   ".git/",	 "/etc/", "/",	 "x.pem" };
	uint32_t length = 0;

	for (uint32_t left = random_below(r, 8); left; left--) {
		const char *word = words[random_below(r, sizeof words / sizeof *words)];
		uint32_t n = (uint32_t)strlen(word);
		memcpy(path + length, word, n);
		length += n;
	}
	if (length && random_one_in(r, 4))
		path[random_below(r, length)] = (char)random_next(r);
	return length;
}

/* Most of an image is numbers; most of what can go wrong is in its first words. */
static void damage(struct random *r, uint8_t *image, size_t *length, size_t capacity)
{
	uint32_t words = (uint32_t)(sizeof(struct table_image) / 4);

	if (random_one_in(r, 3)) {
		mutate(r, image, length, capacity);
		return;
	}
	for (uint32_t left = random_below(r, 3) + 1; left && *length >= sizeof(struct table_image); left--) {
		uint32_t at = random_below(r, 2) ? random_below(r, words) : random_below(r, (uint32_t)(*length / 4));
		uint32_t value, other;
		memcpy(&other, image + 4 * random_below(r, words), 4);
		memcpy(&value, image + 4 * at, 4);
		value = random_one_in(r, 3)   ? other
			: random_one_in(r, 2) ? value ^ 1u << random_below(r, 32)
					      : random_length(r, (uint32_t)*length);
		memcpy(image + 4 * at, &value, 4);
	}
}

static void walk_about(struct random *r, const struct table_image *t)
{
	char path[PATH_BYTES], exe[PATH_BYTES];

	for (unsigned i = 0; i < WALKS; i++) {
		uint32_t class = table_program(t, exe, random_path(r, exe));
		require(class < t->programs, "program class %u of %u", class, t->programs);
		uint32_t label =
			table_walk(t, random_one_in(r, 2) ? TABLE_FILE : TABLE_EXEC, path, random_path(r, path), class);
		require(!(label & TABLE_ROW), "a row leads to a row");
	}
}

static void put_in_force(struct random *r, const uint8_t *bytes, size_t length)
{
	char from[PATH_BYTES], to[PATH_BYTES];
	void *image = malloc(length);

	require(image, "no memory");
	memcpy(image, bytes, length);
	require(!decide_load(image, (uint32_t)length, 1, WIRE_ENFORCE), "sound, and then not");
	program->length = random_path(r, program->exe);
	decide_path(random_one_in(r, 2) ? TABLE_FILE : TABLE_EXEC, 127, from, random_path(r, from),
		    random_one_in(r, 4) ? NULL : program);
	decide_may_move(from, random_path(r, from), to, random_path(r, to));
	moves++;
}

void fuzz_one(struct random *r)
{
	unsigned which = random_below(r, image_count);
	size_t length = images[which].length, capacity = length + 64;
	uint8_t *bytes = malloc(capacity);

	require(bytes, "no memory");
	memcpy(bytes, images[which].bytes, length);
	damage(r, bytes, &length, capacity);
	/* Exactly as long as it says, so that a step outside is seen. */
	uint8_t *image = realloc(bytes, length ? length : 1);
	require(image, "no memory");
	if (table_verify(image, (uint32_t)length)) {
		unsound++;
	} else {
		sound++;
		walk_about(r, (const struct table_image *)image);
		if (random_one_in(r, 8))
			put_in_force(r, image, length);
	}
	free(image);
}

void fuzz_close(char *summary, size_t size)
{
	for (unsigned i = 0; i < image_count; i++)
		free(images[i].bytes);
	free(program);
	snprintf(summary, size, "%lu images sound and walked, %lu unsound, %lu moves compared", sound, unsound, moves);
}
