/* technique: makes a file whose name ends as the kernel shows deleted ones, beside one that is permitted
 * source: proc_pid_fd(5); parsers of /proc/self/fd that cut " (deleted)"
 * success: a file called forbidden and more
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	return open("forbidden (deleted)", O_WRONLY | O_CREAT, 0600) < 0 ? failed("open") : 0;
}
