/* What an ELF file is, told by its structure: names and places say nothing. */
#ifndef WARDEN_BINARY_H
#define WARDEN_BINARY_H

enum binary_kind {
	BINARY_OTHER,	/* no ELF file of this machine's word size, a damaged one, or a library with PT_INTERP (libc) */
	BINARY_PROGRAM, /* has a place of its own in memory, or is position independent and names a loader or says so */
	BINARY_SHARED,	/* a shared object. Executed, it can only be a dynamic loader: nobody else would relocate it */
};

/* Reads a few bytes of an open file, at most 70 kB. */
enum binary_kind binary_read(int fd);

#endif
