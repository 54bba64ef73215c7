/* technique: rewrites an argument in memory while the list is judged
 * source: reference study 4.3 #19; execve(2)
 * success: the program ran with --danger
 * policy: arguments
 * control: permissive
 * races: 2
 * event: ProcessExec
 */
#include "attack.h"
#include "race.h"

static char word[16] = "--gentle";

__attribute__((constructor)) static void make_tool(void)
{
	FILE *script = fopen("tool", "wx");

	/* Runs the forbidden program only when it was told the word that nobody may tell it. */
	if (script) {
		fputs("#!/bin/sh\ntest \"$1\" = --danger && ./forbidden\n", script);
		fclose(script);
		chmod("tool", 0755);
	}
}

static void swap(bool forbidden)
{
	strcpy(word, forbidden ? "--danger" : "--gentle");
}

static void attempt(void)
{
	run("tool", (char *[]){ "tool", word, NULL });
}

int main(void)
{
	return race(swap, attempt);
}
