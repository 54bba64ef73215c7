/* What this kernel offers. */
#ifndef WARDEN_PROBE_H
#define WARDEN_PROBE_H

/* Prints one JSON object on stdout. The process's exit status. */
int probe(void);

#endif
