/* The first line of a script. */
#ifndef WARDEN_SCRIPT_H
#define WARDEN_SCRIPT_H

#include <stddef.h>

/* Bytes the kernel looks at. Source: BINPRM_BUF_SIZE, binfmts.h. */
#define SCRIPT_HEAD 256

/* The interpreter that a file with this beginning (filled up with zeros) names, or "" for an ELF file. 0, or -ENOEXEC
 * for what the kernel's own loaders do not take. */
int script_interpreter(const char head[static SCRIPT_HEAD], char interpreter[static SCRIPT_HEAD]);

#endif
