/* The last step of an open(2) of what exists. */
#ifndef WARDEN_REOPEN_H
#define WARDEN_REOPEN_H

#include "call.h"
#include "open_request.h"
#include "resolve.h"

/* Opens the very object that was judged. A descriptor, or -errno. May close the object's own descriptor. */
int reopen_object(const struct call *c, const struct open_request *r, struct object *o);

#endif
