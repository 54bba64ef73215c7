/* What leash-entry sends (entry.h), and what Node says on its channel, nearly right: of every type, length and number
 * of descriptors. The warden takes a message, or tells the manager of a fault and ends the session.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../warden/sandbox.h"
#include "descriptors.h"
#include "entry.h"
#include "manager.h"

#define LONGEST (2 * sizeof(struct entry_message))

static int nothing, first_free;
static unsigned long taken, refused, ended;

void fuzz_open(char *const *files, unsigned count)
{
	(void)files;
	(void)count;
	manager_open();
	nothing = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	first_free = dup(nothing);
	require(nothing >= 0 && first_free >= 0, "no descriptors");
	close(first_free);
}

/* Anything but a filter that stands: the warden would begin to answer for this process. */
static void make_message(struct random *r, uint8_t bytes[LONGEST], size_t *length, unsigned *count)
{
	static const uint32_t types[] = { ENTRY_LISTENERS, ENTRY_LISTENERS, ENTRY_FAILED, ENTRY_FILTER, ENTRY_GO, 99 };
	struct entry_message m = { .type = types[random_below(r, 6)],
				   .step = random_below(r, 8),
				   .error = (int32_t)random_length(r, 13) };

	random_bytes(r, m.text, random_one_in(r, 2) ? sizeof m.text : random_below(r, sizeof m.text));
	memset(bytes, 'x', LONGEST);
	memcpy(bytes, &m, sizeof m);
	*length = random_one_in(r, 4) ? random_below(r, LONGEST + 1) : sizeof m;
	*count = random_one_in(r, 2) ? 4 : random_below(r, DESCRIPTORS_MAX + 1);
	if (random_one_in(r, 8))
		mutate(r, bytes, length, LONGEST);
	memcpy(&m.type, bytes, sizeof m.type);
	if (m.type == ENTRY_FILTER && !*count)
		*count = 1;
}

static void answer_as_node(struct random *r, int channel)
{
	static const char *const lines[] = { "{\"cmd\":\"NODE_HANDLE_ACK\"}\n", "{\"cmd\":\"NODE_HANDLE_NACK\"}\n",
					     "\n", "NODE_HANDLE_ACK" };

	for (uint32_t left = random_one_in(r, 2) ? 4 : random_below(r, 6); left; left--) {
		uint8_t bytes[600];
		const char *line = lines[random_one_in(r, 8) ? random_below(r, 4) : 0];
		size_t length = strlen(line);
		memcpy(bytes, line, length);
		if (random_one_in(r, 16)) {
			length = random_below(r, sizeof bytes);
			random_bytes(r, bytes, length);
		}
		send(channel, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	shutdown(channel, SHUT_WR);
}

void fuzz_one(struct random *r)
{
	int entry[2], channel[2], fds[DESCRIPTORS_MAX], one = 1;
	uint8_t bytes[LONGEST];
	size_t length;
	unsigned count;

	require(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, entry), "no sockets");
	require(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel), "no sockets");
	require(!setsockopt(entry[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one), "no credentials");
	for (unsigned i = 0; i < DESCRIPTORS_MAX; i++)
		fds[i] = nothing;
	for (uint32_t left = random_below(r, 3) + 1; left; left--) {
		make_message(r, bytes, &length, &count);
		require(!descriptors_send(entry[1], bytes, length, fds, count), "not sent");
	}
	shutdown(entry[1], SHUT_WR);
	answer_as_node(r, channel[1]);
	int result;
	while ((result = sandbox_message(entry[0], channel[0])) > 0)
		taken++;
	require(result == 0 || (result < 0 && result > -4096), "%d is no error", result);
	if (result)
		refused++;
	else
		ended++;
	/* A session that ends gives nothing back; here there are many. */
	syscall(SYS_close_range, (unsigned)first_free, UINT_MAX, 0);
}

void fuzz_close(char *summary, size_t size)
{
	struct manager_saw saw = manager_close();

	close(nothing);
	snprintf(summary, size, "%lu messages taken, %lu sessions ended by a bad one, %lu by the last one, %lu faults",
		 taken, refused, ended, saw.faults);
}
