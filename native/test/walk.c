/* walk TABLE: verifies the image, then for each line of stdin (a class, the bytes of a path and of an executable, both
 * in hexadecimal behind a letter) prints the verdicts of class 0 or 1 for a program of that executable. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static void *read_image(const char *path, uint32_t *length)
{
	FILE *file = fopen(path, "rb");
	uint32_t capacity = 1u << 26;
	void *image = malloc(capacity);

	if (!file || !image)
		exit(2);
	*length = (uint32_t)fread(image, 1, capacity, file);
	fclose(file);
	/* Nothing behind it, so that a sanitizer sees a walk that leaves. */
	return realloc(image, *length ? *length : 1);
}

static uint32_t parse(const char *text, char *bytes)
{
	uint32_t n = 0;
	unsigned value;

	for (; sscanf(text, "%2x", &value) == 1; text += 2)
		bytes[n++] = (char)value;
	return n;
}

int main(int argc, char **argv)
{
	static char path_text[2 * 8192 + 2], exe_text[2 * 8192 + 2], path[8192], exe[8192];
	unsigned class;
	uint32_t length;

	if (argc != 2)
		return 2;
	struct table_image *image = read_image(argv[1], &length);
	if (table_verify(image, length)) {
		puts("invalid");
		free(image);
		return 1;
	}
	while (scanf("%u %16385s %16385s", &class, path_text, exe_text) == 3) {
		uint32_t program = table_program(image, exe, parse(exe_text + 1, exe));
		printf("%u\n",
		       table_walk(image, (enum table_class_id) class, path, parse(path_text + 1, path), program));
	}
	free(image);
	return 0;
}
