/* technique: signals the whole process group, in which leash and the shell's job stand, by the number 0
 * source: kill(2); bubblewrap issue on --new-session
 * success: a signal to the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"

int main(void)
{
	signal(SIGUSR1, SIG_IGN);
	return kill(0, SIGUSR1) ? failed("kill") : 0;
}
