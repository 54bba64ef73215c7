// The numbers of native/include/wire.h: frame types, struct layouts, operations and flags.
// test/unit/engine/wire-layout.test.ts compares them with what the C compiler says.

export const WIRE_VERSION = 1;
export const FRAME_BYTES = 8;
/** The longest payload either side accepts. */
export const MAX_PAYLOAD: number = 64 * 1024 * 1024;

export const WIRE_TYPE = {
  table: 1,
  start: 2,
  answer: 3,
  signal: 4,
  resume: 5,
  deliver: 6,
  unreachable: 7,
  run: 12,
  resize: 13,
  commandSignal: 14,
  ready: 16,
  process: 17,
  event: 18,
  query: 19,
  epoch: 20,
  exit: 21,
  fault: 22,
  connected: 23,
  released: 24,
  datagram: 25,
  commandEnded: 30,
} as const;

/** Field offsets of each fixed struct; `bytes` is its size. */
export const LAYOUT = {
  wire_frame: { bytes: 8, length: 0, type: 4, version: 6 },
  wire_table: { bytes: 16, epoch: 0, mode: 4, hash: 8, serve: 12 },
  wire_answer: { bytes: 24, id: 0, epoch: 8, word: 12, server: 16 },
  wire_call: { bytes: 8, id: 0 },
  wire_signal: { bytes: 8, number: 0 },
  wire_ready: { bytes: 8, pid: 0, landlock_abi: 4 },
  wire_process: {
    bytes: 72,
    pid: 0,
    parent: 4,
    host_pid: 8,
    uid: 12,
    exe_length: 16,
    argv_length: 20,
    argv_total: 24,
    line: 28,
    line_up: 32,
    server: 36,
    sha256: 40,
  },
  wire_event: {
    bytes: 104,
    time_ns: 0,
    id: 8,
    pid: 16,
    epoch: 20,
    operation: 24,
    actions: 26,
    denied: 28,
    verdict: 30,
    flags: 31,
    error: 32,
    path_length: 36,
    path2_length: 40,
    port: 44,
    family: 46,
    protocol: 47,
    address: 48,
    line: 64,
    sha256: 68,
  },
  wire_connected: {
    bytes: 48,
    pid: 0,
    local_port: 4,
    port: 6,
    family: 8,
    protocol: 9,
    bound: 10,
    line: 12,
    address: 16,
    local: 32,
  },
  wire_datagram: { bytes: 44, agent: 0, peer: 16, agent_port: 32, peer_port: 34, family: 36, line: 40 },
  wire_run: { bytes: 16, id: 0, flags: 4, rows: 8, columns: 10, words: 12 },
  wire_resize: { bytes: 8, id: 0, rows: 4, columns: 6 },
  wire_command_signal: { bytes: 8, id: 0, number: 4 },
  wire_command_ended: { bytes: 16, id: 0, status: 4, error: 8 },
  wire_epoch: { bytes: 8, epoch: 0 },
  wire_exit: { bytes: 8, status: 0 },
  wire_fault: { bytes: 8, code: 0, error: 4 },
} as const;

export const OPERATION = {
  open: 1,
  create: 2,
  unlink: 3,
  rename: 4,
  link: 5,
  symlink: 6,
  truncate: 7,
  setattr: 8,
  exec: 9,
  connect: 10,
  send: 11,
  bind: 12,
  syscall: 13,
  serve: 14,
} as const;

export const FLAG = { observed: 1, shadowDiffers: 2, builtin: 4, directory: 8 } as const;
export const FAULT = { sandbox: 1, exec: 2, protocol: 3, denied: 4, memory: 5 } as const;
export const RUN = { terminal: 1, input: 2 } as const;
export const WIRE_WORD = { refuse: 0, goOn: 1, hold: 2, interpose: 3 } as const;
export const WIRE_MODE = { enforce: 0, observe: 1 } as const;
