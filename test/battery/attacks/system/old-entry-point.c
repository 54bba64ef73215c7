/* technique: makes a call by the 32-bit entry point, whose numbers mean other calls
 * source: syscall(2), int 0x80; reference filters that check the number alone
 * success: the kernel answered the 32-bit call
 * control: outside
 * needs: i386
 * beside: power
 */
#include "power.h"

#define GETPID_32 20

int main(void)
{
	long result = GETPID_32;

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	return result == getpid() ? granted() : 1;
}
