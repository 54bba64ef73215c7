/* Names are taken away and replaced by one thread at a time: what was judged by its name is still called so when it is
 * moved or removed. Held only for the call itself, never while a verdict is awaited. Creation needs no turn: it
 * replaces nothing.
 */
#ifndef WARDEN_NAMES_H
#define WARDEN_NAMES_H

#include "resolve.h"

void names_lock(void);
void names_unlock(void);

/* Is the entry of the held parent still what was judged: a directory, something else, or nothing, under the same path?
 * Which one of two files has the path makes no difference to a verdict. */
bool names_hold(const struct object *o);

#endif
