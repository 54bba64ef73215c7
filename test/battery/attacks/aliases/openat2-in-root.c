/* technique: takes the forbidden directory as the root of a resolution, so that the path is /secret.txt
 * source: openat2(2), RESOLVE_IN_ROOT
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <linux/openat2.h>

int main(void)
{
	struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT };

	return show((int)syscall(SYS_openat2, open("vault", O_PATH), "/../secret.txt", &how, sizeof how));
}
