/* technique: makes a user namespace by the call whose flags no filter can read
 * source: clone3(2)
 * success: the child was made
 * control: outside
 * beside: power
 */
#include "power.h"
#include <linux/sched.h>

int main(void)
{
	struct clone_args args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	long child = syscall(SYS_clone3, &args, sizeof args);

	if (child == 0)
		_exit(0);
	return power(child, "clone3");
}
