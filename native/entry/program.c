/* Writes a classic BPF program: tests and answers enter in reading order, instructions with resolved jumps leave. */
#define _GNU_SOURCE
#include "program.h"

#include <linux/seccomp.h>

#define CAPACITY (sizeof(((struct program *)0)->code) / sizeof(struct sock_filter))

void program_append(struct program *p, uint16_t code, uint32_t k)
{
	if (p->length == CAPACITY) {
		p->overflow = true;
		return;
	}
	p->code[p->length++] = (struct sock_filter){ .code = code, .k = k };
}

void program_load(struct program *p, size_t offset)
{
	program_append(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the halves of an argument are exchanged on big-endian machines"
#endif

void program_load_argument(struct program *p, unsigned index)
{
	program_load(p, offsetof(struct seccomp_data, args) + index * sizeof(uint64_t));
}

void program_load_argument_high(struct program *p, unsigned index)
{
	program_load(p, offsetof(struct seccomp_data, args) + index * sizeof(uint64_t) + sizeof(uint32_t));
}

uint16_t program_when(struct program *p, uint16_t operation, uint32_t value)
{
	uint16_t block = p->length;

	program_append(p, (uint16_t)(BPF_JMP | BPF_K | operation), value);
	return block;
}

void program_end(struct program *p, uint16_t block)
{
	unsigned skipped = (unsigned)(p->length - block - 1);

	if (p->overflow || skipped > UINT8_MAX) {
		p->overflow = true;
		return;
	}
	p->code[block].jf = (uint8_t)skipped;
}

void program_return(struct program *p, uint32_t action)
{
	program_append(p, BPF_RET | BPF_K, action);
}

void program_return_when(struct program *p, uint16_t operation, uint32_t value, uint32_t action)
{
	uint16_t block = program_when(p, operation, value);

	program_return(p, action);
	program_end(p, block);
}

void program_return_unless(struct program *p, uint16_t operation, uint32_t value, uint32_t action)
{
	uint16_t test = program_when(p, operation, value);

	program_return(p, action);
	if (!p->overflow)
		p->code[test].jt = 1;
}
