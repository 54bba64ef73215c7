/* The dynamic loader of a program that is about to run. */
#ifndef WARDEN_LOADER_H
#define WARDEN_LOADER_H

#include "call.h"

/* For a process that has been given its new program and has not run its first instruction: may the caller read every
 * file that was mapped besides the program itself? A denial is recorded. */
bool loader_is_permitted(const struct call *c, pid_t pid);

#endif
