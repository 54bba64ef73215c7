/* The decision: the compiled table, and the manager for what the table leaves open. */
#ifndef WARDEN_DECIDE_H
#define WARDEN_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "line.h"
#include "table.h"
#include "wire.h"

/* Puts a verified image in force. Takes ownership of `image` (malloc). 0, or -1 when it is not a table: the old one
 * stays. */
int decide_load(void *image, uint32_t length, uint32_t epoch, enum wire_mode mode);
bool decide_loaded(void);

struct judgement {
	uint16_t denied; /* the subset of the requested actions that the enforced set denies */
	uint16_t open;	 /* the subset only the manager can decide */
	uint8_t flags;	 /* enum wire_flag */
	bool observe;	 /* mode: a denial is recorded, the operation goes on */
	bool asked;	 /* the manager decided: the verdict may rest on more than the path */
	uint32_t epoch;
};

/* Judges `actions` (bits as in wire_file_action; bit 0 for exec) of the program `asker` on a canonical path. Paths that
 * are not UTF-8 have no Cedar value: denied. So is what depends on the program when that is not known (NULL). */
struct judgement decide_path(enum table_class_id class, uint16_t actions, const char *path, uint32_t length,
			     const struct line *asker);

/* Of actions that no policy permits. */
struct judgement decide_refusal(uint16_t actions);

/* May what is at the old path get the new one: is nothing there more permitted than before to any program, and could
 * every program that may have written it there write it here? For a file the paths themselves are compared; for a
 * directory (both end with '/') everything below. Actions only the manager can decide count as different. */
bool decide_may_move(const char *from, uint32_t from_length, const char *to, uint32_t to_length);

uint32_t decide_epoch(void);
bool decide_observes(void);

#endif
