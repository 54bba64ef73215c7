/* What `leash` asks of the warden, besides what it is to start. */
#ifndef WARDEN_OPTIONS_H
#define WARDEN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "door.h"

struct options {
	struct door door;
	uint64_t memory; /* 0: held elsewhere, or nowhere */
	bool dials;
};

/* Reads the words up to `--`; groups are opened. The words after it, or NULL after it was said what is wrong. */
char **options_take(char **word, struct options *s);

#endif
