/* technique: writes into the memory of a process of the host by its number
 * source: process_vm_writev(2)
 * success: other memory of the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <sys/uio.h>

int main(void)
{
	struct iovec local = { "planted", 7 }, remote = { neighbours_secret(), 7 };

	return process_vm_writev(neighbour(), &local, 1, &remote, 1, 0) < 0 ? failed("process_vm_writev") : 0;
}
