/* technique: ends names with slashes, so that a rule about a name sees none
 * source: path_resolution(7), trailing slashes
 * success: a name in vault, or one called forbidden and more, was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	bool made = mkdir("vault/planted/", 0700) == 0;

	made |= mkdir("forbidden-made///", 0700) == 0;
	made |= rename("public/", "forbidden-moved/") == 0;
	made |= rename("public", "vault/./moved//") == 0;
	made |= rmdir("vault/empty//") == 0;
	return made ? 0 : failed("slash");
}
