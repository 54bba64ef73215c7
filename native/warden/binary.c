/* A dynamic loader runs any program it is given, and the kernel sees an execve of the loader only. So Leash asks of
 * each file: is it a program, and of each executed one: is it a loader? Sources: elf(5); load_elf_binary(),
 * fs/binfmt_elf.c; DF_1_PIE is set by linkers since binutils 2.26.
 */
#define _GNU_SOURCE
#include "binary.h"

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 64u
#define DYNAMIC_MAX 4096u /* entries; those of large programs are about forty */

static bool read_at(int fd, void *buffer, size_t length, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, buffer, length, (off_t)offset) == (ssize_t)length;
}

struct dynamic {
	bool has_name; /* DT_SONAME */
	bool is_program;
};

static struct dynamic read_dynamic(int fd, const Elf64_Phdr *segment)
{
	struct dynamic d = { 0 };
	Elf64_Dyn part[64];
	const uint64_t count = segment->p_filesz / sizeof *part;

	for (uint64_t at = 0; at < count && at < DYNAMIC_MAX; at += 64) {
		uint64_t n = count - at < 64 ? count - at : 64;
		if (!read_at(fd, part, n * sizeof *part, segment->p_offset + at * sizeof *part))
			return d;
		for (uint64_t i = 0; i < n; i++) {
			if (part[i].d_tag == DT_NULL)
				return d;
			if (part[i].d_tag == DT_SONAME)
				d.has_name = true;
			if (part[i].d_tag == DT_FLAGS_1 && part[i].d_un.d_val & DF_1_PIE)
				d.is_program = true;
		}
	}
	return d;
}

static enum binary_kind read_shared(int fd, const Elf64_Ehdr *head)
{
	Elf64_Phdr segments[SEGMENTS_MAX];
	struct dynamic d = { 0 };
	bool names_loader = false;

	if (head->e_phentsize != sizeof *segments || head->e_phnum > SEGMENTS_MAX ||
	    !read_at(fd, segments, head->e_phnum * sizeof *segments, head->e_phoff))
		return BINARY_OTHER;
	for (unsigned i = 0; i < head->e_phnum; i++) {
		if (segments[i].p_type == PT_INTERP)
			names_loader = true;
		if (segments[i].p_type == PT_DYNAMIC)
			d = read_dynamic(fd, &segments[i]);
	}
	if (d.is_program || (names_loader && !d.has_name))
		return BINARY_PROGRAM;
	return names_loader ? BINARY_OTHER : BINARY_SHARED;
}

enum binary_kind binary_read(int fd)
{
	Elf64_Ehdr head;

	if (!read_at(fd, &head, sizeof head, 0) || memcmp(head.e_ident, ELFMAG, SELFMAG) ||
	    head.e_ident[EI_CLASS] != ELFCLASS64)
		return BINARY_OTHER;
	if (head.e_type == ET_EXEC)
		return BINARY_PROGRAM;
	return head.e_type == ET_DYN ? read_shared(fd, &head) : BINARY_OTHER;
}
