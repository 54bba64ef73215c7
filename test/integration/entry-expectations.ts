// What the base filter must do, written independently of the table it is assembled from (native/include/syscalls.h).

const onX64 = (names: readonly string[]): readonly string[] => (process.arch === 'x64' ? names : []);

/** Calls the warden decides by policy, but sendto, which needs a destination, and the other sends, which MSG_FASTOPEN ends earlier. */
export const MEDIATED: readonly string[] = [
  ...['openat', 'openat2', 'execve', 'execveat', 'connect', 'bind'],
  ...['unlinkat', 'renameat', 'renameat2', 'mkdirat', 'mknodat', 'linkat', 'symlinkat', 'truncate'],
  ...['fchmod', 'fchmodat', 'fchmodat2', 'fchown', 'fchownat', 'utimensat'],
  ...['setxattr', 'lsetxattr', 'fsetxattr', 'removexattr', 'lremovexattr', 'fremovexattr'],
  ...onX64(['open', 'creat', 'unlink', 'rmdir', 'rename', 'mkdir', 'mknod', 'link', 'symlink']),
  ...onX64(['chmod', 'chown', 'lchown', 'utime', 'utimes', 'futimesat']),
];

/** Calls that are refused whatever their arguments. */
export const REFUSED: readonly string[] = [
  ...['mount', 'umount2', 'pivot_root', 'chroot', 'setns', 'move_mount', 'open_tree', 'open_tree_attr'],
  ...['fsopen', 'fsconfig', 'fsmount', 'fspick', 'mount_setattr'],
  ...['ptrace', 'process_vm_readv', 'process_vm_writev', 'kcmp', 'pidfd_getfd'],
  ...['bpf', 'perf_event_open', 'userfaultfd', 'keyctl', 'add_key', 'request_key', 'lsm_set_self_attr'],
  ...['open_by_handle_at', 'name_to_handle_at', 'fanotify_init', 'quotactl', 'quotactl_fd'],
  ...['swapon', 'swapoff', 'reboot', 'kexec_load', 'kexec_file_load'],
  ...['init_module', 'finit_module', 'delete_module', 'acct', 'syslog'],
  ...['settimeofday', 'clock_settime', 'adjtimex', 'clock_adjtime', 'vhangup', 'nfsservctl', 'lookup_dcookie'],
  ...onX64(['iopl', 'ioperm']),
];

/** Calls that are refused for some arguments: the labels attack-syscalls gives them. */
export const REFUSED_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  socket: [
    ...['unix-raw', 'sctp', 'ping', 'ping6', 'raw', 'raw6', 'audit', 'netfilter'],
    ...['packet', 'alg', 'vsock', 'xdp', 'key', 'smc'],
  ],
  socketpair: ['unix-raw', 'tipc'],
  ioctl: [
    ...['TIOCSTI', 'TIOCLINUX', 'TIOCSETD', 'FS_IOC_SETFLAGS', 'FS_IOC_FSSETXATTR', 'FS_IOC_ENABLE_VERITY'],
    ...['SUBVOL_CREATE', 'SUBVOL_CREATE_V2', 'SNAP_CREATE', 'SNAP_CREATE_V2', 'SNAP_DESTROY', 'SNAP_DESTROY_V2'].map(
      (name) => `BTRFS_IOC_${name}`,
    ),
    ...['BTRFS_IOC_SUBVOL_SETFLAGS', 'BTRFS_IOC_SET_RECEIVED_SUBVOL', 'FS_IOC_SETVERSION', 'FAT_IOCTL_SET_ATTRIBUTES'],
    ...['EXT4_IOC_SETVERSION', 'EXT4_IOC_MIGRATE', 'FS_IOC_SET_ENCRYPTION_POLICY', 'FS_IOC_ADD_ENCRYPTION_KEY'],
    ...['FS_IOC_REMOVE_ENCRYPTION_KEY', 'FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS'],
  ],
  seccomp: ['listener'],
  setrlimit: ['locks', 'locks-high'],
  prlimit64: ['locks', 'locks-of-parent'],
  setpriority: ['own-group'],
  ioprio_set: ['own-group'],
  personality: ['no-randomize', 'read-implies-exec'],
  clone: ['user', 'mount', 'net', 'pid', 'ipc', 'uts', 'cgroup'],
  unshare: ['user', 'mount', 'net', 'pid', 'ipc', 'uts', 'cgroup', 'time'],
};

/** Runs as the agent, speaks to the network it finds, and prints one JSON object. */
export const NETWORK_CLIENT = `
import net from 'node:net';
import dgram from 'node:dgram';

const tcp = (host, port) => new Promise((resolve) => {
  const socket = net.connect(port, host, () => socket.write('echo'));
  socket.once('data', (data) => { resolve(String(data)); socket.destroy(); });
  socket.once('error', (error) => resolve(error.code));
});
const udp = (host, port) => new Promise((resolve) => {
  const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
  const end = (result) => { resolve(result); socket.close(); };
  socket.once('message', (data, from) => end(data + ' from ' + from.address + ':' + from.port));
  socket.once('error', (error) => end(error.code));
  socket.connect(port, host, () => socket.send('query'));
});
const manyResolvers = (hosts) => new Promise((resolve) => {
  const socket = dgram.createSocket('udp4');
  const from = [];
  socket.on('message', (data, peer) => {
    from.push(peer.address);
    if (from.length === hosts.length) { resolve(from.sort()); socket.close(); }
  });
  socket.bind(0, () => hosts.forEach((host) => socket.send(host, 53, host)));
});
const manyPeers = (hosts) => new Promise((resolve) => {
  const socket = dgram.createSocket('udp4');
  const from = [];
  socket.on('message', (data, peer) => {
    from.push(data + '=' + peer.address + ':' + peer.port);
    if (from.length === hosts.length) { resolve(from.sort()); socket.close(); }
  });
  socket.bind(0, () => hosts.forEach((host) => socket.send(host, 5000, host)));
});
const datagramOf = (host, length) => new Promise((resolve) => {
  const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
  const sent = Buffer.from(Array.from({ length }, (_, at) => at % 251));
  const end = (result) => { resolve(result); socket.close(); };
  socket.once('message', (data) => end(data.equals(sent) ? data.length : 'changed'));
  socket.once('error', (error) => end(error.code));
  socket.connect(5000, host, () => socket.send(sent));
});
const transfer = (host, total) => new Promise((resolve, reject) => {
  const socket = net.connect(443, host);
  const chunk = Buffer.alloc(1_000_000, 7);
  let sent = 0;
  let received = 0;
  const pump = () => {
    for (; sent < total; ) {
      sent += chunk.length;
      if (!socket.write(chunk)) return void socket.once('drain', pump);
    }
    socket.end();
  };
  socket.on('data', (data) => { received += data.length; });
  socket.once('close', () => resolve(received));
  socket.once('error', reject);
  pump();
});
const server = net.createServer((peer) => peer.end('inside')).listen(8099, '0.0.0.0');
await new Promise((resolve) => server.once('listening', resolve));

const result = {
  ipv4: await tcp('93.184.216.34', 8443),
  ipv6: await tcp('2606:2800::1', 443),
  mapped: await tcp('::ffff:203.0.113.9', 80),
  tcpDns: await tcp('8.8.8.8', 53),
  metadata: await tcp('169.254.169.254', 80),
  loopback: await tcp('127.0.0.1', 81),
  loopback6: await tcp('::1', 81),
  inside: await tcp('127.0.0.1', 8099),
  ownAddress: await tcp('10.255.255.1', 8099),
  dns: await udp('8.8.8.8', 53),
  dns6: await udp('2001:4860:4860::8888', 53),
  dnsStub: await udp('127.0.0.53', 53),
  oneSocketManyResolvers: await manyResolvers(['1.1.1.1', '127.0.0.53', '8.8.8.8', '9.9.9.9']),
  quic: await udp('8.8.8.8', 443),
  quic6: await udp('2001:4860:4860::8888', 443),
  otherUdp: await udp('203.0.113.9', 5000),
  otherUdp6: await udp('2606:2800::1', 5000),
  mappedUdp: await udp('::ffff:203.0.113.9', 5000),
  oneSocketManyPeers: await manyPeers(['203.0.113.7', '203.0.113.8', '203.0.113.9']),
  datagrams: [await datagramOf('203.0.113.9', 0), await datagramOf('203.0.113.9', 65507), await datagramOf('2606:2800::1', 65001)],
  bytes: await transfer('93.184.216.34', 200_000_000),
  bytes6: await transfer('2606:2800::1', 200_000_000),
};
server.close();
console.log(JSON.stringify(result));
`;
