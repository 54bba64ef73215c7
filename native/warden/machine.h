/* What has a name inside the sandbox and yet belongs to the machine: no policy gives it away. */
#ifndef WARDEN_MACHINE_H
#define WARDEN_MACHINE_H

#include "resolve.h"

/* Would `actions` (bits of wire_file_action) on the object reach beyond the sandbox, or into another process? */
bool machine_forbids(const struct object *o, uint16_t actions);

#endif
