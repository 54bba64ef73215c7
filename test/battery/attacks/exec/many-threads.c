/* technique: runs the permitted and the forbidden program from many threads at once
 * source: execve(2): one of them wins
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"
#include <pthread.h>
#include <sys/wait.h>

static void *run(void *path)
{
	execl(path, "permitted", NULL);
	return NULL;
}

int main(void)
{
	int status;

	for (int turn = 0; turn < 100; turn++) {
		if (fork() == 0) {
			pthread_t thread[8];
			for (int i = 0; i < 8; i++)
				pthread_create(&thread[i], NULL, run, i % 2 ? "forbidden" : "permitted");
			for (int i = 0; i < 8; i++)
				pthread_join(thread[i], NULL);
			_exit(1);
		}
		wait(&status);
	}
	return 0;
}
