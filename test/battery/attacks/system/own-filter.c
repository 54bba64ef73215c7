/* technique: over-rules Leash's filter by one of its own that permits everything or hands the call to a tracer
 * source: seccomp(2): the strictest answer counts
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "power.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

int main(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_filter log = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG);
	struct sock_fprog first = { .len = 1, .filter = &allow }, second = { .len = 1, .filter = &log };

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &first))
		failed("seccomp");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &second))
		failed("prctl");
	return show_path(SECRET_FILE);
}
