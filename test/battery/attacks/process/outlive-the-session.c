/* technique: leaves a daemon behind by two forks and a session of its own, deaf to signals
 * source: daemon(7); reference study 4.3 #30
 * success: a process left after the end of the session, which the battery itself looks for
 * control: none: without Leash it would be left behind as it should
 * beside: power
 */
#include "power.h"

int main(void)
{
	if (fork() == 0) {
		setsid();
		if (fork())
			_exit(0);
		for (int i = 1; i < NSIG; i++)
			signal(i, SIG_IGN);
		for (int fd = 0; fd < 3; fd++)
			close(fd);
		for (;;)
			sleep(600);
	}
	usleep(100000);
	return 0;
}
