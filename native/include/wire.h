/* The contract between the warden and the manager: frames on one stream socket, little-endian, version 1.
 * src/engine/wire.ts holds the other side; test/unit/engine/wire-layout.test.ts compares the two layouts.
 */
#ifndef LEASH_WIRE_H
#define LEASH_WIRE_H

#include <stdint.h>

#define WIRE_VERSION 1
#define WIRE_MAX_PAYLOAD (64u << 20)

/* Header of every frame; `length` counts the payload that follows. */
struct wire_frame {
	uint32_t length;
	uint16_t type;
	uint16_t version;
};

enum wire_type {
	/* manager -> warden */
	WIRE_TABLE = 1,	      /* struct wire_table, then the table image (table.h) */
	WIRE_START = 2,	      /* no payload: listeners are served, let the agent run */
	WIRE_ANSWER = 3,      /* struct wire_answer */
	WIRE_SIGNAL = 4,      /* struct wire_signal: deliver to the agent */
	WIRE_RESUME = 5,      /* struct wire_call: a held call is to be begun again; it asks as if for the first time */
	WIRE_DELIVER = 6,     /* struct wire_datagram, then what its peer sends to the agent */
	WIRE_UNREACHABLE = 7, /* struct wire_datagram: nobody receives there, as ICMP says it */

	WIRE_RUN = 12,	  /* struct wire_run, then `words` texts, each with its NUL: TERM or "", and the command */
	WIRE_RESIZE = 13, /* struct wire_resize */
	WIRE_COMMAND_SIGNAL = 14, /* struct wire_command_signal: to the process group of a command */

	/* warden -> manager */
	WIRE_READY = 16,     /* struct wire_ready: sandbox stands, listeners handed over */
	WIRE_PROCESS = 17,   /* struct wire_process, then exe, then argv (NUL-separated) */
	WIRE_EVENT = 18,     /* struct wire_event, then path, then path2 */
	WIRE_QUERY = 19,     /* struct wire_event of a call to answer, then path, then path2 (argv for exec) */
	WIRE_EPOCH = 20,     /* struct wire_epoch: this table is in force */
	WIRE_EXIT = 21,	     /* struct wire_exit: the sandbox is gone */
	WIRE_FAULT = 22,     /* struct wire_fault, then text for a person */
	WIRE_CONNECTED = 23, /* struct wire_connected: which local port belongs to which process */
	WIRE_RELEASED = 24,  /* struct wire_call: a held call is over: done, refused, interrupted, or its thread died */
	WIRE_DATAGRAM = 25,  /* struct wire_datagram, then what the agent sent to its peer */
	WIRE_COMMAND_ENDED = 30, /* struct wire_command_ended */
};

enum wire_mode { WIRE_ENFORCE = 0, WIRE_OBSERVE = 1 };

struct wire_table {
	uint32_t epoch;
	uint32_t mode;	/* enum wire_mode */
	uint32_t hash;	/* 1: a policy asks for the content of programs */
	uint32_t serve; /* 1: the manager is asked of programs that could be servers of their parents */
};

enum wire_word {
	WIRE_REFUSE = 0,
	WIRE_GO_ON = 1,
	WIRE_HOLD = 2,	    /* until WIRE_RESUME: a person is asked */
	WIRE_INTERPOSE = 3, /* of WIRE_OP_SERVE: its standard input and output lead through the manager */
};

struct wire_answer {
	uint64_t id; /* of the query */
	uint32_t epoch;
	uint32_t word;	 /* enum wire_word */
	uint32_t server; /* number of the server that an interposed program is, from 1 on; else 0 */
	uint32_t reserved;
};

struct wire_call {
	uint64_t id; /* as in the call's queries */
};

struct wire_signal {
	int32_t number;
	uint32_t reserved;
};

struct wire_ready {
	int32_t pid; /* entry, later the agent, as the host sees it */
	uint32_t landlock_abi;
};

/* First sight of a process, and again after each exec. */
struct wire_process {
	uint32_t pid;	 /* thread group id in the agent's pid namespace */
	uint32_t parent; /* the same of its parent; 0 when outside */
	uint32_t host_pid;
	uint32_t uid; /* inside the sandbox */
	uint32_t exe_length;
	uint32_t argv_length;
	uint32_t argv_total; /* bytes before the cut at WIRE_ARGV_MAX */
	uint32_t line;	     /* line of descent, ends in this executable; 0: unknown */
	uint32_t line_up;    /* the line it came from; 0: none */
	uint32_t server;     /* that it is or descends from, as in wire_answer; 0: none */
	uint8_t sha256[32];  /* of the executable's content; 0: not known */
};
#define WIRE_ARGV_MAX 32768

enum wire_operation {
	WIRE_OP_OPEN = 1,
	WIRE_OP_CREATE = 2,
	WIRE_OP_UNLINK = 3,
	WIRE_OP_RENAME = 4,
	WIRE_OP_LINK = 5,
	WIRE_OP_SYMLINK = 6,
	WIRE_OP_TRUNCATE = 7,
	WIRE_OP_SETATTR = 8,
	WIRE_OP_EXEC = 9,
	WIRE_OP_CONNECT = 10,
	WIRE_OP_SEND = 11,
	WIRE_OP_BIND = 12,
	WIRE_OP_SYSCALL = 13, /* refused by the base filter; path is the call's name */
	WIRE_OP_SERVE = 14,   /* only asked: a permitted exec whose standard input and output are pipes or sockets */
};

/* Bits of wire_event.actions: position in the label of table.h. Exec and connect have one action each, bit 0. */
enum wire_file_action {
	WIRE_READ = 1 << 0,
	WIRE_WRITE = 1 << 1,
	WIRE_CREATE = 1 << 2,
	WIRE_DELETE = 1 << 3,
	WIRE_RENAME = 1 << 4,
	WIRE_LINK = 1 << 5,
	WIRE_SETATTR = 1 << 6,
};

enum wire_verdict { WIRE_DENY = 0, WIRE_ALLOW = 1 };

enum wire_flag {
	WIRE_FLAG_OBSERVED = 1 << 0,	   /* denied, but the mode let it pass */
	WIRE_FLAG_SHADOW_DIFFERS = 1 << 1, /* the set with shadow policies says the opposite */
	WIRE_FLAG_BUILTIN = 1 << 2,	   /* refused by a rule of Leash itself, not by the policy */
	WIRE_FLAG_DIRECTORY = 1 << 3,
};

/* One mediated operation. `path` and `path2` follow, without NUL; a directory's path ends with '/'. */
struct wire_event {
	uint64_t time_ns; /* CLOCK_REALTIME */
	uint64_t id;	  /* of the call, when the manager is asked or was asked; else 0 */
	uint32_t pid;	  /* as in wire_process */
	uint32_t epoch;
	uint16_t operation; /* enum wire_operation */
	uint16_t actions;   /* what was asked: bits of wire_file_action */
	uint16_t denied;    /* the subset that was denied */
	uint8_t verdict;    /* enum wire_verdict */
	uint8_t flags;	    /* enum wire_flag */
	int32_t error;	    /* errno the agent received, 0 on success */
	uint32_t path_length;
	uint32_t path2_length;
	uint16_t port;	     /* connect, send, bind: host order */
	uint8_t family;	     /* 4 or 6 for internet addresses */
	uint8_t protocol;    /* IPPROTO_TCP or IPPROTO_UDP */
	uint8_t address[16]; /* network order; IPv4 in the first four bytes */
	uint32_t line;	     /* of the process when it asked, as in wire_process */
	uint8_t sha256[32];  /* exec: of the content that is to run; 0: a script, or not asked for */
};

struct wire_connected {
	uint32_t pid;
	uint16_t local_port; /* of the agent's socket */
	uint16_t port;	     /* dialled */
	uint8_t family;
	uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	uint8_t bound;	  /* 1: nothing was dialled; a TCP socket was bound to the local port */
	uint8_t reserved;
	uint32_t line;	     /* of the process when it connected */
	uint8_t address[16]; /* dialled */
	uint8_t local[16];   /* of the agent's socket; 0 when it has no address yet: any */
};

/* One UDP datagram outside loopback. Addresses as in wire_event; the peer's is the one the agent dialled. */
struct wire_datagram {
	uint8_t agent[16];
	uint8_t peer[16];
	uint16_t agent_port;
	uint16_t peer_port;
	uint8_t family; /* 4 or 6 */
	uint8_t reserved[3];
	uint32_t line; /* of the program that announced last to send on the socket; 0: none */
};
/* Most bytes after it. Source: RFC 768, RFC 8200. */
#define WIRE_DATAGRAM_MAX 65527

enum wire_run_flag { WIRE_RUN_TERMINAL = 1 << 0, WIRE_RUN_INPUT = 1 << 1 };

/* A further command, of a number that no running one has. Its streams come over the channel first: `out` carries
 * standard input and output, or the terminal; `err` standard error, and is absent with a terminal. */
struct wire_run {
	uint32_t id;	/* from 1 on; 0 is the agent */
	uint32_t flags; /* bits of wire_run_flag; INPUT: else it reads the end of file */
	uint16_t rows;
	uint16_t columns;
	uint32_t words;
};

struct wire_resize {
	uint32_t id;
	uint16_t rows;
	uint16_t columns;
};

struct wire_command_signal {
	uint32_t id;
	int32_t number;
};

struct wire_command_ended {
	uint32_t id;
	int32_t status; /* as the shell reports it */
	int32_t error;	/* errno when it was never executed, else 0 */
	uint32_t reserved;
};

struct wire_epoch {
	uint32_t epoch;
	uint32_t reserved;
};

struct wire_exit {
	int32_t status; /* as the shell reports it: code, or 128 + signal */
	uint32_t reserved;
};

enum wire_fault_code {
	WIRE_FAULT_SANDBOX = 1,	 /* the sandbox could not be built */
	WIRE_FAULT_EXEC = 2,	 /* the command could not be started; error holds errno */
	WIRE_FAULT_PROTOCOL = 3, /* a frame from the manager could not be trusted */
	WIRE_FAULT_DENIED = 4,	 /* the policy refused the command itself */
	WIRE_FAULT_MEMORY = 5,	 /* the sandbox was ended at its memory limit */
};

struct wire_fault {
	uint32_t code;
	int32_t error; /* errno or 0 */
};

#endif
