/* technique: gives the forbidden file a second name and reads that
 * source: reference study 4.3 #4; link(2)
 * success: vault/secret.txt has a second name, or its content is on the output
 * control: permissive
 * event: FileLink
 */
#include "attack.h"

int main(void)
{
	return link(SECRET_FILE, "innocent") ? failed("link") : show_path("innocent");
}
