/* The process inside that starts further commands, as this side knows it (entry.h). */
#ifndef WARDEN_STARTER_H
#define WARDEN_STARTER_H

#include <stddef.h>
#include <stdint.h>

#include "entry.h"
#include "wire.h"

/* A socket for the starter, or -errno. The caller closes it when it was handed over. */
int starter_open(void);

/* Its other end, or -1: it is gone. */
int starter_socket(void);

/* What it says. 1; 0: it is gone; -1: nothing of use. */
int starter_receive(struct starter_message *m);

/* Lets it start a command with these streams; `words` are those of the order. 0 or -errno. */
int starter_run(const struct wire_run *order, const char *words, size_t length, const int streams[3]);

/* To the process group of a command. */
void starter_signal(uint32_t id, int32_t number);

#endif
