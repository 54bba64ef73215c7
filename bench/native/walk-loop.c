// Walks each path of PATHS (one a line) through the file class of the image TABLE, ROUNDS times; prints nanoseconds a path.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "table.h"

#define MAX_PATHS 10000

static char *read_file(const char *path, uint32_t *length)
{
	FILE *file = fopen(path, "rb");
	uint32_t capacity = 1u << 26;
	char *bytes = malloc(capacity);

	if (!file || !bytes)
		exit(2);
	*length = (uint32_t)fread(bytes, 1, capacity - 1, file);
	bytes[*length] = 0;
	fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	static const char *paths[MAX_PATHS];
	static uint32_t lengths[MAX_PATHS];
	uint32_t length, count = 0, sum = 0;
	struct timespec from, to;

	if (argc != 4)
		return 2;
	const struct table_image *image = (const void *)read_file(argv[1], &length);
	if (table_verify(image, length))
		return 1;
	for (char *line = strtok(read_file(argv[2], &length), "\n"); line && count < MAX_PATHS; line = strtok(NULL, "\n")) {
		paths[count] = line;
		lengths[count++] = (uint32_t)strlen(line);
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int round = atoi(argv[3]); round > 0; round--)
		for (uint32_t i = 0; i < count; i++)
			sum += table_walk(image, TABLE_FILE, paths[i], lengths[i], 0);
	clock_gettime(CLOCK_MONOTONIC, &to);
	double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
	printf("%.1f %u\n", ns / atoi(argv[3]) / count, sum);
	return 0;
}
