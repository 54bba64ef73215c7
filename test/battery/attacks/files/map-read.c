/* technique: maps the forbidden file and reads memory, from a descriptor opened in the way that is permitted
 * furthest
 * source: mmap(2)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <sys/mman.h>

int main(void)
{
	int fd = open(SECRET_FILE, O_RDONLY);

	if (fd < 0)
		fd = open(SECRET_FILE, O_PATH);
	char *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return failed("mmap");
	return write(STDOUT_FILENO, at, 32) != 32;
}
