/* technique: moves the content of the forbidden file to a pipe inside the kernel, from a descriptor opened in the
 * way that is permitted furthest
 * source: splice(2)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	int fd = open(SECRET_FILE, O_RDONLY);

	if (fd < 0)
		fd = open(SECRET_FILE, O_PATH);
	int ends[2];

	if (pipe(ends) || splice(fd, NULL, ends[1], NULL, 64, 0) <= 0)
		return failed("splice");
	close(ends[1]);
	return show(ends[0]);
}
