/* A classic BPF program over struct seccomp_data, as it is written (seccomp(2), bpf(4)).
 *
 * Every block opened by program_when ends in program_return, so control never runs out of a block into what follows.
 */
#ifndef LEASH_ENTRY_PROGRAM_H
#define LEASH_ENTRY_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct program {
	struct sock_filter code[1024]; /* the kernel takes up to BPF_MAXINSNS, 4096 */
	uint16_t length;
	bool overflow;
};

void program_append(struct program *p, uint16_t code, uint32_t k);

/* Loads a 32-bit word of struct seccomp_data into the accumulator. */
void program_load(struct program *p, size_t offset);

/* Loads the low half of an argument. Exact for arguments the kernel takes as int or unsigned int; others need the high
 * half as well. */
void program_load_argument(struct program *p, unsigned index);
void program_load_argument_high(struct program *p, unsigned index);

/* Opens a block that runs when `accumulator <operation> value` holds; operation is BPF_JEQ, BPF_JGE, BPF_JGT or
 * BPF_JSET. */
uint16_t program_when(struct program *p, uint16_t operation, uint32_t value);
void program_end(struct program *p, uint16_t block);

void program_return(struct program *p, uint32_t action);
void program_return_when(struct program *p, uint16_t operation, uint32_t value, uint32_t action);
void program_return_unless(struct program *p, uint16_t operation, uint32_t value, uint32_t action);

#endif
