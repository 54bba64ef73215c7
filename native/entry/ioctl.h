/* Which ioctl(2) requests the warden is told of, to refuse them. */
#ifndef ENTRY_IOCTL_H
#define ENTRY_IOCTL_H

#include "program.h"

/* Appends the test of ioctl's second argument, and both answers. */
void ioctl_test(struct program *p);

#endif
