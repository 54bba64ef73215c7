/* What the manager sends (wire.h), nearly right: frames of every type and length, cut, repeated, of other versions. The
 * warden either takes a frame or ends the session with one fault; a table is in force only when it was sound.
 *
 * Corpus: table images.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../warden/control.h"
#include "../warden/decide.h"
#include "manager.h"
#include "wire.h"

#define CAPACITY (128u << 10)
#define FRAMES_MAX 6

static struct {
	uint8_t *bytes;
	size_t length;
} images[64];
static unsigned image_count;
static unsigned long frames_taken;

void fuzz_open(char *const *files, unsigned count)
{
	require(count > 0 && count <= 64, "one to 64 table images are needed");
	for (; image_count < count; image_count++)
		images[image_count].bytes = fuzz_read_file(files[image_count], &images[image_count].length);
	manager_open();
}

static size_t put(uint8_t *at, uint16_t type, const void *payload, size_t length)
{
	struct wire_frame frame = { .length = (uint32_t)length, .type = type, .version = WIRE_VERSION };

	memcpy(at, &frame, sizeof frame);
	if (length)
		memcpy(at + sizeof frame, payload, length);
	return sizeof frame + length;
}

static size_t put_table(struct random *r, uint8_t *at, size_t room)
{
	static uint8_t payload[CAPACITY];
	struct wire_table head = { .epoch = random_below(r, 10), .mode = random_below(r, 3) };
	unsigned which = random_below(r, image_count);
	size_t length = images[which].length;

	if (sizeof head + length + sizeof(struct wire_frame) > room)
		return 0;
	if (random_one_in(r, 64))
		head.hash = random_below(r, 3);
	memcpy(payload, &head, sizeof head);
	memcpy(payload + sizeof head, images[which].bytes, length);
	length += sizeof head;
	if (random_one_in(r, 2))
		mutate(r, payload, &length, sizeof head + images[which].length);
	return put(at, WIRE_TABLE, payload, length);
}

/* For the agent: of any length, the longest that fits a datagram and one more among them. */
static size_t put_datagram(struct random *r, uint8_t *at, size_t room)
{
	static uint8_t payload[sizeof(struct wire_datagram) + WIRE_DATAGRAM_MAX + 1];
	struct wire_datagram ends = { .family = (uint8_t)(random_one_in(r, 8) ? random_below(r, 256)
									      : 4 + random_below(r, 2) * 2) };
	size_t length = random_one_in(r, 8) ? sizeof payload - random_below(r, 3) : sizeof ends + random_below(r, 64);

	if (length + sizeof(struct wire_frame) > room)
		return 0;
	random_bytes(r, ends.agent, sizeof ends.agent + sizeof ends.peer);
	memcpy(payload, &ends, sizeof ends);
	return put(at, random_one_in(r, 2) ? WIRE_DELIVER : WIRE_UNREACHABLE, payload, length);
}

static size_t put_frame(struct random *r, uint8_t *at, size_t room)
{
	uint32_t answer[sizeof(struct wire_answer) / 4] = { random_below(r, 4), 0, 1, random_below(r, 4) };
	struct wire_signal signal = { .number = (int32_t)random_length(r, 65) };
	uint8_t noise[64];
	size_t length = random_below(r, sizeof noise + 1);

	switch (random_below(r, 9)) {
	case 0:
	case 1:
		return put_table(r, at, room);
	case 2:
		return put(at, WIRE_START, noise, random_one_in(r, 8) ? 1 : 0);
	case 3:
		return put(at, WIRE_ANSWER, answer, sizeof answer);
	case 4:
		return put(at, WIRE_SIGNAL, &signal, sizeof signal);
	case 5:
		return put_datagram(r, at, room);
	default:
		random_bytes(r, noise, sizeof noise);
		return put(at, (uint16_t)random_below(r, 26), noise, length);
	}
}

static void send_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0)
			break; /* more than the socket holds: cut, which is an input too */
		bytes += n;
		length -= (size_t)n;
	}
}

void fuzz_one(struct random *r)
{
	static uint8_t bytes[CAPACITY + 1024];
	char path[64];
	size_t length = 0;
	int pair[2], entry[2];

	for (uint32_t left = random_below(r, FRAMES_MAX) + 1; left && length < CAPACITY - 256; left--)
		length += put_frame(r, bytes + length, CAPACITY - length);
	if (!random_one_in(r, 8))
		mutate(r, bytes, &length, CAPACITY);
	require(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), "no sockets");
	require(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, entry), "no sockets");
	send_all(pair[1], bytes, length);
	shutdown(pair[1], SHUT_WR);
	unsigned frames = 0;
	while (control_read(pair[0], entry[0]) == 0)
		require(++frames <= length / sizeof(struct wire_frame), "more frames than bytes");
	/* What is in force can be asked about anything. */
	random_bytes(r, path, sizeof path);
	path[0] = '/';
	struct judgement j = decide_path(random_one_in(r, 2) ? TABLE_FILE : TABLE_EXEC, (uint16_t)random_below(r, 128),
					 path, random_below(r, sizeof path), NULL);
	require(decide_loaded() || (j.flags & WIRE_FLAG_BUILTIN && !j.open), "a verdict without a table");
	frames_taken += frames;
	for (unsigned i = 0; i < 2; i++) {
		close(pair[i]);
		close(entry[i]);
	}
}

void fuzz_close(char *summary, size_t size)
{
	struct manager_saw saw = manager_close();

	for (unsigned i = 0; i < image_count; i++)
		free(images[i].bytes);
	snprintf(summary, size, "%lu frames taken, %lu tables in force, %lu sessions ended with a fault", frames_taken,
		 saw.epochs, saw.faults);
}
