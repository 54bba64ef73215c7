/* Dynamic loaders: that of a program about to run, and those that are asked to run one. */
#ifndef WARDEN_LOADER_H
#define WARDEN_LOADER_H

#include "call.h"
#include "resolve.h"

/* When a person must say whether the loader of a program that is about to run may be read, the call is laid aside: at
 * the exec stop it is too late to ask. Anything else is judged there. */
void loader_ask(const struct call *c, const struct object *program);

/* For a process that has been given its new program and has not run its first instruction: may the caller read every
 * file that was mapped besides the program itself? A denial is recorded. */
bool loader_is_permitted(const struct call *c, pid_t pid);

/* The caller's own program is a dynamic loader, and it has had the file `o` opened as `fd`, by the name `path`: a
 * program, which it is about to run, is judged as one. False: it must not get it; that is recorded. */
bool loader_may_open(const struct call *c, const struct object *o, const char *path, int fd);

#endif
