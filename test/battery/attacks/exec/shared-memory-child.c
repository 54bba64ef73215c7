/* technique: lets a child that shares all memory run the forbidden program while the parent writes the path
 * source: clone(2), CLONE_VM
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 */
#include "attack.h"
#include <sched.h>
#include <sys/wait.h>

static char path[] = "permitted";
static char stack[65536];

static int run(void *unused)
{
	(void)unused;
	execl(path, "permitted", NULL);
	return 1;
}

int main(void)
{
	int status;

	for (int turn = 0; turn < 60; turn++) {
		strcpy(path, "permitted");
		pid_t child = clone(run, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
		for (int spin = 0; spin < turn * 300; spin++)
			__asm__ volatile("");
		memcpy(path, "forbidden", sizeof path);
		waitpid(child, &status, 0);
	}
	return 0;
}
