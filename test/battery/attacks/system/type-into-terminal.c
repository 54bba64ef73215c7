/* technique: types into a terminal as if a person did
 * source: ioctl_tty(2), TIOCSTI; CVE-2017-5226
 * success: what was typed could be read
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
	char typed;
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);

	if (fork() > 0) {
		wait(NULL);
		return 0;
	}
	setsid();
	grantpt(master);
	unlockpt(master);
	int terminal = open(ptsname(master), O_RDWR);
	if (terminal < 0)
		return failed("ptsname");
	ioctl(terminal, TIOCSCTTY, 0);
	if (ioctl(terminal, TIOCSTI, "\n"))
		return failed("TIOCSTI");
	return power(read(terminal, &typed, 1) == 1 ? 0 : -1, "read");
}
