/* Reads whole frames from the manager; a wrong version, type or length ends the session. */
#define _GNU_SOURCE
#include "control.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "content.h"
#include "decide.h"
#include "interpose.h"
#include "question.h"
#include "records.h"
#include "relay.h"
#include "sandbox.h"

#define TABLE_BYTES_MAX WIRE_MAX_PAYLOAD

static struct timespec from_terminal_at[65];
static bool has_begun;
static uint64_t early; /* bit n - 1: signal n came before the agent did; the entry ignores the terminal's */

void control_note_signal(int number, bool from_terminal)
{
	if (from_terminal && number > 0 && number <= 64)
		clock_gettime(CLOCK_MONOTONIC, &from_terminal_at[number]);
}

/* The terminal delivers to the whole foreground group at once; what the manager reports within this time is the same
 * key press. */
static bool came_from_terminal(int number)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t ms = (now.tv_sec - from_terminal_at[number].tv_sec) * 1000 +
		     (now.tv_nsec - from_terminal_at[number].tv_nsec) / 1000000;
	return from_terminal_at[number].tv_sec && ms < 500;
}

static int read_exactly(int fd, void *buffer, size_t length)
{
	char *at = buffer;

	while (length) {
		ssize_t n = recv(fd, at, length, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		at += n;
		length -= (size_t)n;
	}
	return 0;
}

static int load_table(const char *payload, uint32_t length)
{
	struct wire_table head;

	if (length < sizeof head)
		return -1;
	memcpy(&head, payload, sizeof head);
	if (head.mode > WIRE_OBSERVE || head.hash > 1 || head.serve > 1)
		return -1;
	if (head.hash && content_require(true)) {
		records_fault(WIRE_FAULT_SANDBOX, ENOTSUP,
			      "this kernel lets the file of a running program be written (Linux 6.11 and the first "
			      "6.12), so no rule about sha256 can hold");
		return -1;
	}
	uint32_t size = length - (uint32_t)sizeof head;
	void *image = malloc(size + 1);
	if (!image)
		return -1;
	memcpy(image, payload + sizeof head, size);
	if (decide_load(image, size, head.epoch, (enum wire_mode)head.mode))
		return -1;
	if (!head.hash)
		content_require(false);
	interpose_require(head.serve);
	struct wire_epoch epoch = { .epoch = head.epoch };
	struct part part = { &epoch, sizeof epoch };
	records_send_now(WIRE_EPOCH, &part, 1);
	return 0;
}

void control_begin_agent(void)
{
	pid_t agent = sandbox_agent();

	has_begun = true;
	for (int number = 1; number <= 64 && agent > 0; number++)
		if (early >> (number - 1) & 1)
			kill(agent, number);
}

static int deliver(int number)
{
	pid_t agent = sandbox_agent();

	if (number < 1 || number > 64)
		return -1;
	if (!has_begun)
		early |= UINT64_C(1) << (number - 1);
	if (agent == 0)
		sandbox_cancel(); /* nobody is there yet to be asked */
	if (agent > 0 && !((number == SIGINT || number == SIGQUIT) && came_from_terminal(number)))
		kill(agent, number);
	return 0;
}

/* -1 when it is none. */
static int relay(uint16_t type, const char *payload, uint32_t length)
{
	struct wire_datagram ends;

	if (length < sizeof ends || length - sizeof ends > WIRE_DATAGRAM_MAX)
		return -1;
	memcpy(&ends, payload, sizeof ends);
	if (ends.family != 4 && ends.family != 6)
		return -1;
	if (type == WIRE_DELIVER)
		relay_deliver(&ends, payload + sizeof ends, length - sizeof ends);
	else if (length == sizeof ends)
		relay_unreachable(&ends);
	else
		return -1;
	return 0;
}

static int act(uint16_t type, const char *payload, uint32_t length, int entry_socket)
{
	struct wire_answer answer;
	struct wire_signal order;
	struct wire_call held;

	switch (type) {
	case WIRE_TABLE:
		return load_table(payload, length);
	case WIRE_START:
		return length || !decide_loaded() ? -1 : sandbox_release(entry_socket);
	case WIRE_ANSWER:
		if (length != sizeof answer)
			return -1;
		memcpy(&answer, payload, sizeof answer);
		return question_answer(&answer);
	case WIRE_RESUME:
		if (length != sizeof held)
			return -1;
		memcpy(&held, payload, sizeof held);
		question_resume(held.id);
		return 0;
	case WIRE_SIGNAL:
		if (length != sizeof order)
			return -1;
		memcpy(&order, payload, sizeof order);
		return deliver(order.number);
	case WIRE_RUN:
	case WIRE_RESIZE:
	case WIRE_COMMAND_SIGNAL:
		return commands_order(type, payload, length);
	case WIRE_DELIVER:
	case WIRE_UNREACHABLE:
		return relay(type, payload, length);
	default:
		return -1;
	}
}

int control_read(int fd, int entry_socket)
{
	struct wire_frame frame;

	if (read_exactly(fd, &frame, sizeof frame))
		return -1;
	if (frame.version != WIRE_VERSION || frame.length > TABLE_BYTES_MAX) {
		records_fault(WIRE_FAULT_PROTOCOL, EPROTO,
			      "a frame of a wrong version or length came from the manager");
		return -1;
	}
	char *payload = malloc(frame.length + 1u);
	int error = !payload || read_exactly(fd, payload, frame.length);
	if (!error && act(frame.type, payload, frame.length, entry_socket)) {
		records_fault(WIRE_FAULT_PROTOCOL, EPROTO, "a frame from the manager was not understood");
		error = 1;
	}
	free(payload);
	return error ? -1 : 0;
}
