/* Questions of intercepted calls to the manager, and the calls that are held because a person must answer.
 *
 * A held call costs no thread: what is kept is its number and its arguments, a hundred bytes. The agent's thread waits
 * in the kernel for an answer to its notification.
 *
 *   call_ask ── WIRE_QUERY ──▶ manager: go on, refuse ── and the call ends as any other
 *                                       hold ──▶ laid aside ── WIRE_RESUME ──▶ begun again, asks again
 *                                                   └── its thread died, or has a signal to take ──▶ WIRE_RELEASED
 */
#ifndef WARDEN_QUESTION_H
#define WARDEN_QUESTION_H

#include <stdint.h>
#include <sys/types.h>

#include "call.h"
#include "wire.h"

struct question;

/* The question of a call that is about to ask; its number is the call's. NULL: no memory, the call must be refused. */
struct question *question_open(const struct call *c);

/* Waits for the manager's word, and gives the question back unless the call is or was held. WIRE_REFUSE when the caller
 * died, and when what cannot be held should be. */
enum wire_word question_await(struct question *q, struct wire_answer *answer);

/* The handler of a call that is to be held has come back. */
void question_lay_aside(const struct call *c);

/* A call that was held has been carried out or refused. */
void question_close(const struct call *c);

/* Words of the manager; the control thread calls these, and all that follow. 0, or -1: not understood. */
int question_answer(const struct wire_answer *answer);
void question_resume(uint64_t id);

/* Releases held calls whose thread is gone or has a signal to take. Called about every 100 ms. */
void question_check(void);

/* Releases the held calls of a process that has ended. */
void question_forget(pid_t tgid);

#endif
