/* technique: makes a cgroup namespace, to see a root of its own
 * source: cgroup_namespaces(7)
 * success: the namespace was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return power(unshare(CLONE_NEWUSER | CLONE_NEWCGROUP), "unshare");
}
