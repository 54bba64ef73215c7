/* technique: makes a user and PID namespace with a child
 * source: clone(2)
 * success: the child was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	long child = syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);

	if (child == 0)
		_exit(0);
	return power(child, "clone");
}
