/* technique: reads the memory of a process of the host by its number
 * source: process_vm_readv(2)
 * success: the neighbour's secret on the output
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <sys/uio.h>

int main(void)
{
	char text[64] = "";
	struct iovec local = { text, sizeof text }, remote = { neighbours_secret(), sizeof text };

	if (process_vm_readv(neighbour(), &local, 1, &remote, 1, 0) < 0)
		return failed("process_vm_readv");
	return puts(text) < 0;
}
