/* technique: moves the content of the forbidden file to the output inside the kernel, from a descriptor opened in
 * the way that is permitted furthest
 * source: sendfile(2)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <sys/sendfile.h>

int main(void)
{
	int fd = open(SECRET_FILE, O_RDONLY);

	if (fd < 0)
		fd = open(SECRET_FILE, O_PATH);
	return sendfile(STDOUT_FILENO, fd, NULL, 4096) <= 0 ? failed("sendfile") : 0;
}
