/* walk TABLE CLASS: verifies the image, then for each path on stdin (a line of hexadecimal bytes) prints the label of
 * class 0 or 1. */
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
	return image;
}

static uint32_t parse(char *line, char *bytes)
{
	uint32_t n = 0;
	unsigned value;

	for (; sscanf(line, "%2x", &value) == 1; line += 2)
		bytes[n++] = (char)value;
	return n;
}

int main(int argc, char **argv)
{
	static char line[2 * 8192 + 2], bytes[8192];
	uint32_t length;

	if (argc != 3)
		return 2;
	const struct table_image *image = read_image(argv[1], &length);
	if (table_verify(image, length)) {
		puts("invalid");
		return 1;
	}
	while (fgets(line, sizeof line, stdin))
		printf("%u\n", table_walk(image, (enum table_class_id)atoi(argv[2]), bytes, parse(line, bytes)));
	return 0;
}
