/* Records in, whole and of known types or the program ends; how many of them were faults out. */
#define _GNU_SOURCE
#include "manager.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#include "../warden/records.h"
#include "fuzz.h"
#include "wire.h"

static int manager = -1;
static pthread_t reader;
static atomic_ulong faults, epochs;

static void read_all(int fd, void *bytes, size_t length)
{
	uint8_t *at = bytes;

	while (length) {
		ssize_t n = recv(fd, at, length, MSG_WAITALL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			pthread_exit(NULL);
		require(n > 0, "the records cannot be read: %s", strerror(errno));
		at += n;
		length -= (size_t)n;
	}
}

static void *read_records(void *unused)
{
	struct wire_frame frame;
	struct wire_fault fault;
	char payload[4096];

	(void)unused;
	for (;;) {
		read_all(manager, &frame, sizeof frame);
		require(frame.version == WIRE_VERSION && frame.length < sizeof payload, "a record of %u bytes",
			frame.length);
		read_all(manager, payload, frame.length);
		require(frame.type >= WIRE_READY, "a record of type %u", frame.type);
		atomic_fetch_add(&epochs, frame.type == WIRE_EPOCH);
		if (frame.type != WIRE_FAULT)
			continue;
		require(frame.length >= sizeof fault, "a fault of %u bytes", frame.length);
		memcpy(&fault, payload, sizeof fault);
		require(fault.code >= WIRE_FAULT_SANDBOX && fault.code < 16, "fault %u", fault.code);
		atomic_fetch_add(&faults, 1);
	}
}

void manager_open(void)
{
	int pair[2];

	require(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), "no sockets");
	manager = pair[1];
	require(!pthread_create(&reader, NULL, read_records, NULL), "no thread");
	records_open(pair[0]);
}

struct manager_saw manager_close(void)
{
	records_drain();
	shutdown(manager, SHUT_RD);
	pthread_join(reader, NULL);
	return (struct manager_saw){ .faults = atomic_load(&faults), .epochs = atomic_load(&epochs) };
}
