/* technique: puts bytes that are no text before the dangerous argument, so that the list cannot be told
 * source: context.argv: arguments are bytes; RFC 3629
 * success: the forbidden program ran
 * policy: arguments
 * control: permissive
 */
#include "attack.h"
#include "race.h"

int main(void)
{
	static char *const lists[][5] = {
		{ "forbidden", "\xff\xfe", "--danger", NULL },
		{ "forbidden", "\xed\xa0\x80", "--danger", NULL },
		{ "\xc0\xaf", "--danger", NULL },
		{ "forbidden", "\n\"},{", "--danger", NULL },
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		run("forbidden", lists[i]);
	return 0;
}
