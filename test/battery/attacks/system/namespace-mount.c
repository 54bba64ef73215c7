/* technique: makes a mount namespace
 * source: mount_namespaces(7)
 * success: the namespace was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return power(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
}
