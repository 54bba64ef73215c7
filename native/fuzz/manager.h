/* The manager's end of the records, for programs that make the warden's parts write some. */
#ifndef LEASH_FUZZ_MANAGER_H
#define LEASH_FUZZ_MANAGER_H

struct manager_saw {
	unsigned long faults, epochs;
};

/* Takes and checks every record from now on. */
void manager_open(void);

/* Waits for the last record. */
struct manager_saw manager_close(void);

#endif
