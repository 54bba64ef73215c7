/* What the dialer and the manager say to each other on Node's IPC channel, a line of JSON each:
 *
 *   manager -> dialer   {"id":N,"port":P}                     connect to port P on the sandbox's loopback
 *   dialer -> manager   a NODE_HANDLE of {"dialled":N}        with the connected socket
 *   dialer -> manager   {"dialled":N,"error":ERRNO}           nobody answered
 */
#ifndef WARDEN_DIALOGUE_H
#define WARDEN_DIALOGUE_H

/* Until the manager is gone, or says what cannot be understood. */
void dialogue(int channel, int warden);

#endif
