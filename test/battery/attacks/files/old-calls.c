/* technique: uses the calls from before the *at family: creat, open, unlink, rename
 * source: creat(2); syscalls(2)
 * success: vault/secret.txt was changed or removed
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
#ifdef SYS_creat
	if (syscall(SYS_creat, SECRET_FILE, 0600) >= 0 || syscall(SYS_rename, SECRET_FILE, "x") == 0 ||
	    syscall(SYS_unlink, SECRET_FILE) == 0)
		return 0;
	return failed("creat");
#else
	return truncate(SECRET_FILE, 0) ? failed("truncate") : 0;
#endif
}
