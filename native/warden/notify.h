/* The threads that receive intercepted calls and hand each to its handler. */
#ifndef WARDEN_NOTIFY_H
#define WARDEN_NOTIFY_H

/* Takes the seccomp notification descriptor and starts to answer. 0 or -errno. */
int notify_start(int listener);

/* Called every 100 ms by the control thread: when a call has been held up that long (a slow disk), another thread
 * listens. */
void notify_check(void);

struct call;

/* Handles a call that was held and is begun again. */
void notify_again(struct call *c);

/* When the sandbox is gone: waits until the calls in hand are recorded. An answer reaches the agent before its record
 * is queued, and the agent may end in between. */
void notify_finish(void);

#endif
