/* technique: tries every set of the RESOLVE flags of openat2, and sizes of its argument that are larger than known
 * source: openat2(2)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <linux/openat2.h>

int main(void)
{
	struct {
		struct open_how how;
		char more[64];
	} larger;

	for (uint64_t flags = 0; flags < 64; flags++) {
		memset(&larger, 0, sizeof larger);
		larger.how = (struct open_how){ .flags = O_RDONLY, .resolve = flags };
		size_t size = flags % 2 ? sizeof larger : sizeof larger.how;
		int fd = (int)syscall(SYS_openat2, AT_FDCWD, SECRET_FILE, &larger, size);
		if (fd >= 0)
			return show(fd);
	}
	return failed("openat2");
}
