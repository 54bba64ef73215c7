/* technique: gives a program the set-user-id bit in every way there is
 * source: execve(2); chmod(2), open(2), mknod(2)
 * success: a file with that bit on the host
 * control: outside
 */
#include "attack.h"

int main(void)
{
	int fd = open("made", O_WRONLY | O_CREAT, 04755);

	close(fd);
	close(open("created", O_WRONLY | O_CREAT, 06755));
	if (mknod("node", S_IFREG | 04755, 0))
		failed("mknod");
	if (chmod("made", 04755))
		failed("chmod");
	if (fchmodat(AT_FDCWD, "created", 02755, 0))
		failed("fchmodat");
	return fchmod(open("node", O_RDONLY), 06755) ? failed("fchmod") : 0;
}
