/* Who else can change what a descriptor of the calling thread stands for. */
#ifndef WARDEN_DESCRIPTOR_TABLE_H
#define WARDEN_DESCRIPTOR_TABLE_H

#include <stdbool.h>

#include "call.h"

/* True: until the call returns, each descriptor number of the calling thread stands for what it stands for now. False:
 * another thread may exchange it at any moment. */
bool descriptor_table_is_own(const struct call *c);

#endif
