/* The forbidden program: says that it ran, on its output and in a file `ran` where it stands, by a token which is put
 * into its image before each run. The halves stand there in the other order, so that reading the program tells nothing.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static volatile const char halves[2][17] = { "TOKEN-SECOND-HLF", "TOKEN-FIRST-HALF" };

int main(void)
{
	char text[33];

	for (int i = 0; i < 16; i++) {
		text[i] = halves[1][i];
		text[16 + i] = halves[0][i];
	}
	text[32] = '\n';
	int fd = open("ran", O_WRONLY | O_CREAT | O_APPEND, 0666);
	return write(fd, text, sizeof text) < 0 || write(1, text, sizeof text) < 0;
}
