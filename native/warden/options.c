/* The words that `leash` starts the warden with enter, checked; what is to be done leaves. main.c lists them. */
#define _GNU_SOURCE
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "groups.h"

static bool take_number(const char *text, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, 10);
	return !*end && *number;
}

/* 0 or an errno. */
static int take_option(const char *name, const char *value, struct options *s)
{
	uint64_t number;

	if (commands_option(name, value))
		return 0;

	if (!strcmp(name, "--group"))
		return -groups_add(value);
	if (!strcmp(name, "--memory"))
		return take_number(value, &s->memory) ? 0 : EINVAL;
	if (!strcmp(name, "--door"))
		s->door.path = value;
	else if (!strcmp(name, "--program"))
		s->door.program = value;
	else if (!strcmp(name, "--environment") && take_number(value, &number))
		s->door.environment = (int)number;
	else if (!strcmp(name, "--terminal"))
		s->door.has_terminal = true;
	else
		return EINVAL;
	return 0;
}

char **options_take(char **word, struct options *s)
{
	for (; *word && strcmp(*word, "--"); word += 2) {
		if (!strcmp(*word, "--dial")) {
			s->dials = true;
			word--;
			continue;
		}
		int error = word[1] ? take_option(word[0], word[1], s) : EINVAL;
		if (error) {
			fprintf(stderr, "leash-warden: %s %s: %s\n", *word, word[1] ? word[1] : "", strerror(error));
			return NULL;
		}
	}
	bool is_whole = !s->door.path || (s->door.program && s->door.environment);
	return is_whole && *word && word[1] ? word + 1 : NULL;
}
