/* Handing the sandbox's listening sockets to the manager over Node's own IPC channel. */
#ifndef WARDEN_CHANNEL_H
#define WARDEN_CHANNEL_H

/* The channel that Node gave this process, or -1. No program that this process executes has it. */
int channel_take(void);

/* Sends one descriptor as a Node handle; waits until Node has taken it. `type` is "net.Server" or "dgram.Native". 0 or
 * -errno. Source: lib/internal/child_process.js, message NODE_HANDLE and its acknowledgement.
 */
int channel_send(int channel, const char *type, const char *name, int fd);

/* From now on a process that has the channel for its own sends what is to be sent, by this SOCK_SEQPACKET socket, and
 * hears the answers. */
void channel_through(int socket);

#endif
