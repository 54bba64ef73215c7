/* technique: copies the content of the forbidden file to a permitted one inside the kernel, from a descriptor
 * opened in the way that is permitted furthest
 * source: copy_file_range(2)
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
	int copy = open("copy", O_RDWR | O_CREAT, 0600);

	return copy_file_range(fd, NULL, copy, NULL, 64, 0) <= 0 ? failed("copy_file_range") : 0;
}
