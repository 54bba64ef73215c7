/* technique: opens for reading what may only be read, and makes the mapping writable
 * source: mmap(2), mprotect(2)
 * success: vault/secret.txt was changed
 * policy: kept
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"
#include <sys/mman.h>

int main(void)
{
	int fd = open(SECRET_FILE, O_RDWR);

	if (fd < 0)
		fd = open(SECRET_FILE, O_RDONLY);
	char *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED || mprotect(at, 4096, PROT_READ | PROT_WRITE))
		return failed("mprotect");
	memcpy(at, "planted", 7);
	return msync(at, 4096, MS_SYNC) ? failed("msync") : 0;
}
