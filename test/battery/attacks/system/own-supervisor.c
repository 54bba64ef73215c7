/* technique: puts a supervisor of its own before Leash's, and has it let a call go on
 * source: seccomp_unotify(2): the newest filter's listener is asked; SECCOMP_USER_NOTIF_FLAG_CONTINUE
 * success: a listener of its own
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

int main(void)
{
	struct sock_filter notify = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &notify };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return power(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program), "seccomp");
}
