/* What may be done again with an object that no path of the sandbox names. */
#ifndef WARDEN_HELD_H
#define WARDEN_HELD_H

#include "call.h"

struct stat;

/* The rights (WIRE_READ, WIRE_WRITE) to the object that the caller holds by its descriptor `fd`, or was given as a
 * standard stream. */
uint16_t held_rights(const struct call *c, int fd, const struct stat *object);

#endif
