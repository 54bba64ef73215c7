/* technique: runs the forbidden program from a thread that is not the first
 * source: execve(2): the other threads end
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"
#include <pthread.h>

static void *run(void *unused)
{
	(void)unused;
	execl("forbidden", "permitted", NULL);
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run, NULL);
	pthread_join(thread, NULL);
	return failed("execl");
}
