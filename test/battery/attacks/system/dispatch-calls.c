/* technique: has its calls dispatched in user space, before the filter looks
 * source: prctl(2), PR_SET_SYSCALL_USER_DISPATCH
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "power.h"
#include <sys/prctl.h>

static volatile char selector;

static void on_dispatch(int number, siginfo_t *info, void *context)
{
	(void)number, (void)info, (void)context;
	selector = 0;
	_exit(show_path(SECRET_FILE));
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_dispatch, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &action, NULL);
	if (prctl(59, 1, 0, 0, &selector))
		failed("PR_SET_SYSCALL_USER_DISPATCH");
	selector = 1;
	syscall(SYS_getppid);
	selector = 0;
	return show_path(SECRET_FILE);
}
