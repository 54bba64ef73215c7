/* Prints the layout of every struct of wire.h as JSON: {"name":{"bytes":n,"field":offset,…},…}, and its constants. */
#include <stddef.h>
#include <stdio.h>

#include "wire.h"

#define FIELD(type, name) printf(",\"%s\":%zu", #name, offsetof(struct type, name));
#define FIELD_OF(type) printf("%s\"%s\":{\"bytes\":%zu", first++ ? "," : "", #type, sizeof(struct type));
#define END printf("}");
#define NUMBER(name) printf(",\"%s\":%ld", #name, (long)name);

static int first;

/* clang-format off */
static void structs(void)
{
	FIELD_OF(wire_frame)
	FIELD(wire_frame, length)
	FIELD(wire_frame, type)
	FIELD(wire_frame, version)
	END FIELD_OF(wire_table) FIELD(wire_table, epoch) FIELD(wire_table, mode) FIELD(wire_table, hash) FIELD(wire_table, serve) END FIELD_OF(wire_answer) FIELD(
		wire_answer, id) FIELD(wire_answer, epoch) FIELD(wire_answer, word) FIELD(wire_answer, server) END
	FIELD_OF(wire_call) FIELD(wire_call, id) END
	FIELD_OF(wire_signal) FIELD(wire_signal, number) END
	FIELD_OF(wire_ready) FIELD(wire_ready, pid) FIELD(wire_ready, landlock_abi) END
	FIELD_OF(wire_process) FIELD(wire_process, pid) FIELD(wire_process, parent) FIELD(wire_process, host_pid) FIELD(
		wire_process, uid) FIELD(wire_process, exe_length) FIELD(wire_process,
									 argv_length) FIELD(wire_process,
											    argv_total) FIELD(wire_process, line) FIELD(wire_process, line_up) FIELD(wire_process, server) FIELD(wire_process, sha256) END
	FIELD_OF(wire_event) FIELD(wire_event, time_ns) FIELD(wire_event, id) FIELD(wire_event, pid) FIELD(
		wire_event, epoch) FIELD(wire_event, operation) FIELD(wire_event, actions) FIELD(wire_event, denied)
		FIELD(wire_event, verdict) FIELD(wire_event, flags) FIELD(wire_event, error)
			FIELD(wire_event, path_length) FIELD(wire_event, path2_length) FIELD(wire_event, port)
				FIELD(wire_event, family) FIELD(wire_event, protocol) FIELD(wire_event, address) FIELD(wire_event, line) FIELD(wire_event, sha256) END
				FIELD_OF(wire_connected) FIELD(wire_connected, pid) FIELD(wire_connected, local_port)
					FIELD(wire_connected, port) FIELD(wire_connected, family)
						FIELD(wire_connected, protocol) FIELD(wire_connected, bound) FIELD(wire_connected, line) FIELD(wire_connected, address) FIELD(wire_connected, local) END
						FIELD_OF(wire_datagram) FIELD(wire_datagram, agent) FIELD(wire_datagram, peer) FIELD(wire_datagram, agent_port)
							FIELD(wire_datagram, peer_port) FIELD(wire_datagram, family) FIELD(wire_datagram, line) END
						FIELD_OF(wire_run) FIELD(wire_run, id) FIELD(wire_run, flags) FIELD(wire_run, rows) FIELD(wire_run, columns) FIELD(wire_run, words) END
						FIELD_OF(wire_resize) FIELD(wire_resize, id) FIELD(wire_resize, rows) FIELD(wire_resize, columns) END
						FIELD_OF(wire_command_signal) FIELD(wire_command_signal, id) FIELD(wire_command_signal, number) END
						FIELD_OF(wire_command_ended) FIELD(wire_command_ended, id) FIELD(wire_command_ended, status) FIELD(wire_command_ended, error) END
						FIELD_OF(wire_epoch) FIELD(wire_epoch, epoch) END
						FIELD_OF(wire_exit) FIELD(wire_exit, status) END
						FIELD_OF(wire_fault) FIELD(wire_fault, code) FIELD(wire_fault, error)
							END
}

static void constants(void)
{
	printf(",\"constants\":{\"version\":%d", WIRE_VERSION);
	NUMBER(WIRE_MAX_PAYLOAD)
	NUMBER(WIRE_TABLE)
	NUMBER(WIRE_START)
	NUMBER(WIRE_ANSWER)
	NUMBER(WIRE_SIGNAL)
	NUMBER(WIRE_RESUME)
	NUMBER(WIRE_RELEASED)
	NUMBER(WIRE_RUN)
	NUMBER(WIRE_RESIZE)
	NUMBER(WIRE_COMMAND_SIGNAL)
	NUMBER(WIRE_COMMAND_ENDED)
	NUMBER(WIRE_RUN_TERMINAL)
	NUMBER(WIRE_RUN_INPUT)
	NUMBER(WIRE_REFUSE)
	NUMBER(WIRE_GO_ON)
	NUMBER(WIRE_HOLD) NUMBER(WIRE_INTERPOSE)
	NUMBER(WIRE_READY)
	NUMBER(WIRE_PROCESS) NUMBER(WIRE_EVENT) NUMBER(WIRE_QUERY) NUMBER(WIRE_EPOCH) NUMBER(WIRE_EXIT) NUMBER(
		WIRE_FAULT) NUMBER(WIRE_CONNECTED) NUMBER(WIRE_DELIVER) NUMBER(WIRE_UNREACHABLE) NUMBER(WIRE_DATAGRAM) NUMBER(WIRE_OP_OPEN) NUMBER(WIRE_OP_CREATE) NUMBER(WIRE_OP_UNLINK)
		NUMBER(WIRE_OP_RENAME) NUMBER(WIRE_OP_LINK) NUMBER(WIRE_OP_SYMLINK) NUMBER(WIRE_OP_TRUNCATE) NUMBER(
			WIRE_OP_SETATTR) NUMBER(WIRE_OP_EXEC) NUMBER(WIRE_OP_CONNECT) NUMBER(WIRE_OP_SEND)
			NUMBER(WIRE_OP_BIND) NUMBER(WIRE_OP_SYSCALL) NUMBER(WIRE_OP_SERVE) NUMBER(WIRE_READ) NUMBER(WIRE_WRITE)
				NUMBER(WIRE_CREATE) NUMBER(WIRE_DELETE) NUMBER(WIRE_RENAME) NUMBER(WIRE_LINK)
					NUMBER(WIRE_SETATTR) NUMBER(WIRE_FLAG_OBSERVED) NUMBER(WIRE_FLAG_SHADOW_DIFFERS)
						NUMBER(WIRE_FLAG_BUILTIN) NUMBER(WIRE_FLAG_DIRECTORY)
							NUMBER(WIRE_FAULT_SANDBOX) NUMBER(WIRE_FAULT_EXEC)
								NUMBER(WIRE_FAULT_PROTOCOL) NUMBER(WIRE_FAULT_DENIED) NUMBER(WIRE_FAULT_MEMORY)
									NUMBER(WIRE_ENFORCE) NUMBER(WIRE_OBSERVE)
										printf("}");
}

/* clang-format on */

int main(void)
{
	printf("{");
	structs();
	constants();
	printf("}\n");
	return 0;
}
