/* Orders of the manager and answers of the starter enter; streams on Node's channel and records leave. The starter is a
 * process among the agent's: what it says is checked, and it may be stopped or killed by the agent at any time.
 */
#define _GNU_SOURCE
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "entry.h"
#include "pump.h"
#include "records.h"
#include "sandbox.h"
#include "starter.h"
#include "streams.h"

/* With the sandbox its starter ends, too, a little before that is known; then nobody ended it. */
#define LOST_MS 1000

struct command {
	bool used;
	uint32_t id;
	int error;    /* errno of an execve that failed */
	int terminal; /* a duplicate, for its size and other end; 0: pipes */
	int held;     /* the terminal's other end, -1: none */
	struct pump *output, *errors;
};

/* The first is the agent. */
static struct command commands[1 + STARTER_COMMANDS_MAX];
static struct streams agent_streams;
static bool over;
static int64_t lost_at; /* when the starter was gone; 0: it is not */
static int agent_socket = -1, node = -1;
/* Of `terminal` in commands: opened by who handles a call, closed by the main thread. */
static pthread_mutex_t terminals = PTHREAD_MUTEX_INITIALIZER;

static struct command *find(uint32_t id)
{
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].used && commands[i].id == id)
			return &commands[i];
	return NULL;
}

bool commands_option(const char *option, const char *value)
{
	unsigned fd, rows = 0, columns = 0;
	char more;
	bool terminal = !strcmp(option, "--led-terminal");

	if (!terminal && strcmp(option, "--led-output"))
		return false;
	if (terminal ? sscanf(value, "%u:%u:%u%c", &fd, &rows, &columns, &more) != 3
		     : sscanf(value, "%u%c", &fd, &more) != 1)
		return false;
	if (fd > INT_MAX || rows > UINT16_MAX || columns > UINT16_MAX || fcntl((int)fd, F_SETFD, FD_CLOEXEC))
		return false;
	agent_socket = (int)fd;
	return !streams_open(&agent_streams, terminal ? STREAMS_TERMINAL : STREAMS_OUTPUT, (uint16_t)rows,
			     (uint16_t)columns);
}

int commands_enter(void)
{
	return agent_socket < 0 ? 0 : streams_enter(&agent_streams);
}

int commands_lend(struct commands_ends *ends)
{
	ends->is_terminal = agent_socket >= 0 && agent_streams.terminal;
	for (int i = 0; i < 3; i++) {
		int own = agent_socket >= 0 ? agent_streams.program[i] : -1;
		ends->fds[i] = own < 0 ? i : fcntl(own, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (ends->fds[i] < 0)
			return -errno;
	}
	return 0;
}

/* Takes the streams and the sockets. 0 or -errno. */
static int carry(struct command *c, struct streams *s, int output, int errors)
{
	int terminal = s->terminal ? fcntl(s->source, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : 0;
	pthread_mutex_lock(&terminals);
	c->terminal = terminal;
	pthread_mutex_unlock(&terminals);
	c->held = s->terminal ? s->program[0] : -1;
	streams_keep(s);
	c->output = pump_start(s->source, s->sink, output);
	int error = c->output ? 0 : -errno;
	if (s->errors >= 0) {
		c->errors = pump_start(s->errors, -1, errors);
		error = c->errors ? error : -errno;
	}
	return error;
}

int commands_begin(int channel)
{
	node = channel;
	if (agent_socket < 0)
		return 0;
	commands[0] = (struct command){ .used = true, .held = -1 };
	return carry(&commands[0], &agent_streams, agent_socket, -1);
}

static void end(struct command *c, int status)
{
	struct wire_command_ended record = { .id = c->id, .status = sandbox_status(status), .error = c->error };
	struct part part = { &record, sizeof record };

	if (c->output)
		pump_stop(c->output);
	if (c->errors)
		pump_stop(c->errors);
	pthread_mutex_lock(&terminals);
	if (c->terminal > 0)
		close(c->terminal);
	c->terminal = 0;
	pthread_mutex_unlock(&terminals);
	if (c->held >= 0)
		close(c->held);
	if (c != commands && !over)
		records_send_now(WIRE_COMMAND_ENDED, &part, 1);
	*c = (struct command){ .used = false };
}

int commands_open_terminal(pid_t session, int flags)
{
	int fd = -1;

	errno = ENXIO;
	pthread_mutex_lock(&terminals);
	for (unsigned i = 0; i < sizeof commands / sizeof *commands && fd < 0; i++)
		fd = commands[i].terminal <= 0 ? -1 : streams_open_terminal(commands[i].terminal, session, flags);
	pthread_mutex_unlock(&terminals);
	return fd;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void commands_check(void)
{
	if (!lost_at || now_ms() - lost_at < LOST_MS)
		return;
	lost_at = 0;
	for (struct command *c = commands + 1; c < commands + 1 + STARTER_COMMANDS_MAX; c++) {
		c->error = ESRCH;
		if (c->used)
			end(c, SIGKILL);
	}
}

void commands_answer(void)
{
	struct starter_message m;
	int answered = starter_receive(&m);
	struct command *c = answered > 0 && m.id ? find(m.id) : NULL;

	if (answered == 0)
		lost_at = now_ms();
	if (!c)
		return;
	if (m.type == STARTER_FAILED)
		c->error = m.value > 0 && m.value < 4096 ? m.value : EPROTO;
	else if (m.type == STARTER_ENDED)
		end(c, m.value);
}

/* Hands one end of a pair to the manager and keeps the other. A descriptor or -errno. */
static int connect_manager(uint32_t id, const char *name)
{
	char text[32];
	int pair[2];

	/* Node takes a descriptor as it comes: one that blocks would block all of it. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -errno;
	snprintf(text, sizeof text, "%s:%u", name, id);
	int error = channel_send(node, "net.Socket", text, pair[1]);
	close(pair[1]);
	if (error)
		close(pair[0]);
	return error ? error : pair[0];
}

static int run_with(struct command *c, const struct wire_run *order, const char *words, size_t length)
{
	struct streams s;
	enum streams_kind kind = order->flags & WIRE_RUN_TERMINAL ? STREAMS_TERMINAL
				 : order->flags & WIRE_RUN_INPUT  ? STREAMS_PIPES
								  : STREAMS_DEAF;
	int error = streams_open(&s, kind, order->rows, order->columns);

	if (error)
		return error;
	int output = connect_manager(c->id, "out"), errors = -1;
	if (output >= 0 && !s.terminal)
		errors = connect_manager(c->id, "err");
	error = output < 0 ? output : !s.terminal && errors < 0 ? errors : starter_run(order, words, length, s.program);
	if (!error)
		return carry(c, &s, output, errors);
	streams_close(&s);
	if (output >= 0)
		close(output);
	if (errors >= 0)
		close(errors);
	return error;
}

static int run(const char *payload, uint32_t length)
{
	struct wire_run order;

	if (length < sizeof order)
		return -1;
	memcpy(&order, payload, sizeof order);
	length -= (uint32_t)sizeof order;
	if (!order.id || !length || payload[sizeof order + length - 1] || order.words < 2 || find(order.id))
		return -1;
	struct command *c = commands + 1;
	while (c->used && c < commands + STARTER_COMMANDS_MAX)
		c++;
	/* One that is over at once still needs a place to be told of. */
	struct command none = { .id = order.id, .held = -1, .error = EAGAIN };
	if (c->used || length > STARTER_BYTES_MAX) {
		none.error = c->used ? EAGAIN : E2BIG;
		end(&none, SIGKILL);
		return 0;
	}
	*c = (struct command){ .used = true, .id = order.id, .held = -1 };
	int error = run_with(c, &order, payload + sizeof order, length);
	if (error) {
		c->error = -error;
		end(c, SIGKILL);
	}
	return 0;
}

static int resize(const char *payload, uint32_t length)
{
	struct wire_resize order;

	if (length != sizeof order)
		return -1;
	memcpy(&order, payload, sizeof order);
	const struct command *c = find(order.id);
	if (c && c->terminal > 0)
		streams_resize(c->terminal, order.rows, order.columns);
	return 0;
}

static int signal_command(const char *payload, uint32_t length)
{
	struct wire_command_signal order;

	if (length != sizeof order)
		return -1;
	memcpy(&order, payload, sizeof order);
	if (order.number < 1 || order.number > 64)
		return -1;
	if (order.id && find(order.id))
		starter_signal(order.id, order.number);
	return 0;
}

int commands_order(uint16_t type, const char *payload, uint32_t length)
{
	return type == WIRE_RUN	     ? run(payload, length)
	       : type == WIRE_RESIZE ? resize(payload, length)
				     : signal_command(payload, length);
}

void commands_finish(void)
{
	over = true; /* the manager knows why by itself */
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].used)
			end(&commands[i], SIGKILL);
	pumps_finish();
}
