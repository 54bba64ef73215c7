/* technique: makes a network namespace, without Leash's rules
 * source: network_namespaces(7)
 * success: the namespace was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return power(unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare");
}
