/* sha256 [PIECE]: standard input, taken in by pieces of PIECE bytes (1 to 65536), to its SHA-256 in hexadecimal. */
#include "../warden/sha256.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	static char buffer[65536];
	size_t piece = argc > 1 ? strtoul(argv[1], NULL, 10) : sizeof buffer, n;
	uint8_t digest[SHA256_BYTES];
	struct sha256 s;

	if (!piece || piece > sizeof buffer)
		return 2;
	sha256_begin(&s);
	while ((n = fread(buffer, 1, piece, stdin)) > 0)
		sha256_add(&s, buffer, n);
	sha256_end(&s, digest);
	for (unsigned i = 0; i < SHA256_BYTES; i++)
		printf("%02x", digest[i]);
	putchar('\n');
	return 0;
}
