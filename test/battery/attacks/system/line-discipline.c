/* technique: gives a terminal another line discipline, which the kernel may load a module for
 * source: ioctl_tty(2), TIOCSETD; CVE-2017-2636
 * success: the discipline was set
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), plain = N_TTY;

	return power(ioctl(master, TIOCSETD, &plain), "TIOCSETD");
}
