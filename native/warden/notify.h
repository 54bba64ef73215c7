/* The threads that receive intercepted calls and hand each to its handler. */
#ifndef WARDEN_NOTIFY_H
#define WARDEN_NOTIFY_H

/* Takes the seccomp notification descriptor and starts to answer. 0 or -errno. */
int notify_start(int listener);

/* Called every 100 ms by the control thread: when a call has been held up that long (a slow disk), another thread
 * listens. */
void notify_check(void);

#endif
